#include "app/base/signals.hpp"

#include <array>
#include <atomic>
#include <cstring>

#include <execinfo.h>
#include <unistd.h>

namespace base {
namespace {

std::array<std::atomic<int>, NSIG> counters;
static_assert(std::atomic<int>::is_always_lock_free, "the counters are written by a signal handler");

void count(int signal) {
  counters[static_cast<std::size_t>(signal)].fetch_add(1, std::memory_order_relaxed);
}

void handle_with(int signal, void (*handler)(int), int flags = 0) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;  // never SA_RESTART: the wait has to return
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

void write_text(const char* text) {
  if (write(STDERR_FILENO, text, std::strlen(text)) < 0) return;  // nothing better to do while dying
}

void report_crash(int signal) {
  // Only async-signal-safe calls from here on; report_crashes() has loaded what backtrace() needs.
  write_text("{\"level\":\"error\",\"event\":\"crash\",\"signal\":\"");
  const char* name = sigabbrev_np(signal);
  write_text(name != nullptr ? name : "?");
  write_text("\",\"detail\":\"the backtrace follows, a frame a line\"}\n");
  std::array<void*, 64> frames;
  const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
  backtrace_symbols_fd(frames.data(), depth, STDERR_FILENO);
  raise(signal);  // SA_RESETHAND: the default action now
}

void use_alternate_stack() {
  static std::array<char, 65536> memory;  // a stack overflow leaves nothing of the usual one
  stack_t stack{};
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  sigaltstack(&stack, nullptr);
}

}  // namespace

void catch_signals(std::initializer_list<int> signals) {
  sigset_t blocked;
  sigemptyset(&blocked);
  for (const int signal : signals) {
    sigaddset(&blocked, signal);
    handle_with(signal, count);
  }
  sigprocmask(SIG_BLOCK, &blocked, nullptr);
}

void ignore_signals(std::initializer_list<int> signals) {
  for (const int signal : signals) handle_with(signal, SIG_IGN);
}

int take_signal(int signal) {
  return counters[static_cast<std::size_t>(signal)].exchange(0, std::memory_order_relaxed);
}

const sigset_t& open_signal_mask() {
  static const sigset_t mask = [] {
    sigset_t empty;
    sigemptyset(&empty);
    return empty;
  }();
  return mask;
}

void forget_signals() {
  for (auto& counter : counters) counter.store(0, std::memory_order_relaxed);
}

void report_crashes() {
  std::array<void*, 1> first;
  backtrace(first.data(), 1);  // its first call loads libgcc, which is not allowed in a handler
  use_alternate_stack();
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS})
    handle_with(signal, report_crash, static_cast<int>(SA_RESETHAND) | SA_ONSTACK | SA_NODEFER);
}

}  // namespace base
