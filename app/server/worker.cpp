#include "app/server/worker.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "app/base/clock.hpp"
#include "app/base/crypto.hpp"
#include "app/base/log.hpp"
#include "app/base/signals.hpp"
#include "app/http/problem.hpp"
#include "app/server/input.hpp"
#include "app/server/memory.hpp"

namespace server {
namespace {

constexpr std::size_t kEventsPerTurn = 64;
constexpr base::Micros kTick = 1'000'000;
constexpr base::Micros kListenPause = 100'000;  // after EMFILE and its like
constexpr int kFirstInputMs = 5;                // nginx writes right after it connects
constexpr timeval kPeerTimeout{10, 0};          // a peer that stops in mid-request holds the worker no longer

// Limits of +-10 %, so that workers that started together do not retire together.
std::int64_t with_jitter(std::int64_t limit) {
  std::random_device seed;
  return limit + std::uniform_int_distribution<std::int64_t>(-limit / 10, limit / 10)(seed);
}

}  // namespace

Worker::Worker(const base::Config& config, const base::PoolConfig& pool, int listener, int channel,
               web::Service& service, shm::WorkerSlot& slot)
    : config_(config),
      pool_(pool),
      listener_(listener),
      channel_(channel),
      service_(service),
      slot_(slot),
      settles_(service.settles()),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      serve_at_most_(with_jitter(pool.max_requests)) {
  epoll_event event{EPOLLIN, {.fd = channel_}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, channel_, &event);
}

int Worker::run() {
  listen();
  watch_wakeup();
  slot_.state = static_cast<std::uint32_t>(shm::WorkerState::idle);
  tell(Word::ready);
  while (!master_gone_ && base::take_signal(SIGTERM) == 0) turn();
  if (master_gone_) return 1;
  drain();
  return 0;
}

// One wait and a bounded amount of work: a request of each connection that has one, then at most one new connection. A
// worker that is at work is not waiting, so the kernel offers new connections to those that are.
void Worker::turn() {
  std::array<epoll_event, kEventsPerTurn> events;
  std::array<int, kEventsPerTurn> together;
  std::size_t waiting = 0;
  const int ready = epoll_pwait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                milliseconds_to_next_duty(), &base::open_signal_mask());
  bool knock = false;
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const int fd = event.data.fd;
    if (fd == listener_) {
      knock = true;
    } else if (fd == channel_) {
      master_gone_ = true;  // the master never writes: this is the end of its socket
    } else if (fd == wakeup_) {
      service_.wake();
      watch_wakeup();
    } else if ((event.events & EPOLLHUP) != 0) {
      forget(fd);  // the peer is gone; if it left a request, nobody waits for the answer
      close(fd);
    } else if (settles_) {
      together[waiting++] = fd;
    } else {
      serve_kept(fd);
    }
  }
  if (waiting > 0) serve_together({together.data(), waiting});
  if (knock) accept_one();
  if (base::monotonic_micros() >= next_tick_) tick();
}

void Worker::tick() {
  const base::Micros now = base::monotonic_micros();
  service_.tick(served_ == served_at_tick_);
  served_at_tick_ = served_;
  watch_wakeup();
  rewatch_wakeup();
  if (!listening_ && !stopping_ && now >= listen_at_) listen();
  if (!stopping_) retire_if_due();
  if (listening_) take_what_a_sleeper_left();
  next_tick_ = now + kTick;
  beat();
}

// The kernel wakes one waiting worker for a new connection. If just that one was stopped (SIGSTOP, a debugger), nobody
// else is told; so everybody looks once a second.
void Worker::take_what_a_sleeper_left() {
  for (std::size_t left = kEventsPerTurn; left > 0 && accept_one(); --left) {
  }
}

void Worker::retire_if_due() {
  const std::uint64_t resident_kib = own_resident_kib();
  slot_.resident_kib = resident_kib;
  const auto limit_kib = static_cast<std::uint64_t>(pool_.max_memory_mib) * 1024;
  const bool old = serve_at_most_ > 0 && served_ >= serve_at_most_;
  const bool fat = limit_kib > 0 && resident_kib > limit_kib;
  if (retiring_ || (!old && !fat)) return;
  retiring_ = true;
  base::log::info("worker_retires", {{"reason", old ? "max_requests" : "max_memory_mib"},
                                     {"requests", served_},
                                     {"resident_kib", static_cast<std::int64_t>(resident_kib)}});
  tell(Word::retire);
}

// --- connections --------------------------------------------------------------------------------------------------

// EPOLLEXCLUSIVE wakes one waiting worker for a connection, the one that has listened longest.
void Worker::listen() {
  epoll_event event{EPOLLIN | EPOLLEXCLUSIVE, {.fd = listener_}};
  listening_ = epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_, &event) == 0;
}

void Worker::stop_listening() {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_, nullptr);
  listening_ = false;
}

// Takes one connection from the queue and serves its first request. False: there was none to take.
bool Worker::accept_one() {
  const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) pause_listening(errno);
    return false;
  }
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &kPeerTimeout, sizeof(kPeerTimeout));
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &kPeerTimeout, sizeof(kPeerTimeout));
  if (pool_.keep_connections && listening_) {
    stop_listening();  // to the end of the kernel's row, so that connections to be kept spread evenly
    listen();
  }
  const Input input = wait_for_input(connection, kFirstInputMs);
  if (input == Input::abandoned)
    close(connection);  // its client gave up while it waited in the queue
  else if (input == Input::none || serve(connection))
    keep(connection, input == Input::there);
  return true;
}

void Worker::pause_listening(int error) {
  base::log::error("cannot_accept", {{"error", std::strerror(error)},
                                     {"connections", static_cast<std::int64_t>(connections_.size())},
                                     {"hint", "raise the limit of open files (LimitNOFILE)"}});
  stop_listening();
  listen_at_ = base::monotonic_micros() + kListenPause;
}

void Worker::keep(int connection, bool used) {
  connections_[connection] = used;
  slot_.connections = connections_.size();
  epoll_event event{EPOLLIN, {.fd = connection}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection, &event);
}

// Its descriptor is closed, or is about to be; epoll forgets it with that.
void Worker::forget(int connection) {
  connections_.erase(connection);
  slot_.connections = connections_.size();
}

// --- requests -----------------------------------------------------------------------------------------------------

// True: the connection is open for another request.
bool Worker::serve(int connection) {
  beat();  // the master measures the request from here
  slot_.busy_since = base::monotonic_micros();
  slot_.state = static_cast<std::uint32_t>(shm::WorkerState::busy);
  const bool open = answer(connection);
  slot_.state = static_cast<std::uint32_t>(stopping_ ? shm::WorkerState::stopping : shm::WorkerState::idle);
  slot_.busy_since = 0;
  watch_wakeup();
  beat();
  return open;
}

void Worker::serve_kept(int connection) {
  if (serve(connection))
    connections_[connection] = true;
  else
    forget(connection);
}

bool Worker::answer(int connection) {
  Exchange& only = exchange(0);
  if (!begin(connection, only)) return false;
  if (settles_) service_.settle();
  return finish(only);
}

// Receives and handles. False: there is nothing to answer, and the connection is closed.
bool Worker::begin(int connection, Exchange& exchange) {
  exchange.connection = connection;
  exchange.request = {};
  try {
    if (!exchange.transport->receive(connection, exchange.request)) return false;
    exchange.response = service_.handle(exchange.request);
  } catch (const http::Problem& problem) {
    exchange.response = refuse(problem, exchange.request);
  }
  ++served_;
  return true;
}

// Answers. True: the connection is open for another request.
bool Worker::finish(Exchange& exchange) {
  const bool open = exchange.transport->send(exchange.request, exchange.response, pool_.keep_connections && !stopping_);
  base::wipe(exchange.request.body);  // it may have held a password
  exchange.request = {};
  exchange.response = {};
  return open;
}

// A request that never became one for the pipeline.
http::Response Worker::refuse(const http::Problem& problem, const http::Request& request) {
  slot_.requests.fetch_add(1, std::memory_order_relaxed);
  slot_.client_errors.fetch_add(1, std::memory_order_relaxed);
  base::log::info("request_refused", {{"request_id", request.id},
                                      {"remote_addr", request.remote_addr},
                                      {"status", std::int64_t{problem.status()}},
                                      {"code", problem.code()}});
  return http::render(problem, config_.public_url, request.id);
}

// --- duties -------------------------------------------------------------------------------------------------------

// The service's descriptor changes only within calls of the service: looked at after each of them, before a new
// connection could be given the old number.
void Worker::watch_wakeup() {
  const int fd = service_.wakeup_fd();
  if (fd == wakeup_) return;
  if (wakeup_ >= 0 && !connections_.contains(wakeup_)) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, wakeup_, nullptr);
  wakeup_ = fd;
  rewatch_wakeup();
}

// A descriptor that was closed and opened again under the same number is no longer watched, and nothing shows it.
void Worker::rewatch_wakeup() {
  if (wakeup_ < 0) return;
  epoll_event event{EPOLLIN, {.fd = wakeup_}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wakeup_, &event) != 0 && errno != EEXIST)
    base::log::warning("cannot_watch_database", {{"error", std::strerror(errno)}});
}

void Worker::tell(Word word) {
  last_word_ = base::monotonic_micros();
  if (send(channel_, &word, sizeof(word), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EPIPE) master_gone_ = true;
}

void Worker::beat() {
  if (base::monotonic_micros() - last_word_ >= kHeartbeat) tell(Word::alive);
}

int Worker::milliseconds_to_next_duty() const {
  base::Micros next = next_tick_;
  if (stopping_)
    next = std::min(next, leave_at_);
  else if (!listening_)
    next = std::min(next, listen_at_);
  return static_cast<int>(std::max<base::Micros>(next - base::monotonic_micros(), 0) / 1000) + 1;
}

}  // namespace server
