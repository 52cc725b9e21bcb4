#include "app/check/lookup.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace check {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kThreads = 64;  // they wait: a name whose servers do not answer takes one for many seconds
constexpr std::size_t kMostAddresses = 8;
constexpr std::size_t kMostNames = 10'000;
// The system's resolver tells no time to live. A name that is not there may be there soon.
constexpr auto kKeep = std::chrono::seconds(60), kKeepFault = std::chrono::seconds(5);
// What took long to fail is not asked for again at once.
constexpr auto kSlow = std::chrono::seconds(2), kKeepSlowFault = std::chrono::seconds(60);

std::optional<std::string> number_of(const addrinfo& info) {
  char text[NI_MAXHOST];
  if (getnameinfo(info.ai_addr, info.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return text;
}

struct Found {
  std::string host;
  Addresses addresses;
  Clock::duration took;
};

Addresses ask(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* first = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &first);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(code == 0 ? first : nullptr, &freeaddrinfo);
  if (code != 0) {
    const bool none = code == EAI_NONAME || code == EAI_NODATA || code == EAI_ADDRFAMILY;
    return {.fault = none ? Addresses::Fault::no_such_host : Addresses::Fault::resolver_failed,
            .list = {},
            .error = gai_strerror(code)};
  }
  Addresses found;
  for (const addrinfo* one = first; one != nullptr && found.list.size() < kMostAddresses; one = one->ai_next)
    if (auto number = number_of(*one)) found.list.push_back(std::move(*number));
  return found;
}

}  // namespace

struct Lookup::Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::string> wanted;
  std::vector<Found> found;
  int threads = 0, idle = 0;
  bool over = false;
  int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

  ~Shared() { close(event); }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      wake.wait(lock, [&] { return over || !wanted.empty(); });
      --idle;
      if (over) return;
      const std::string host = std::move(wanted.front());
      wanted.pop_front();
      lock.unlock();
      const auto start = Clock::now();
      Addresses addresses = ask(host);
      lock.lock();
      found.push_back({host, std::move(addresses), Clock::now() - start});
      eventfd_write(event, 1);
    }
  }
};

struct Lookup::Cache {
  struct Entry {
    Addresses addresses;
    Clock::time_point until;
    std::list<std::string>::iterator age;
  };

  const Addresses* find(const std::string& host) {
    const auto at = entries.find(host);
    return at == entries.end() || Clock::now() > at->second.until ? nullptr : &at->second.addresses;
  }
  void keep(const std::string& host, const Addresses& addresses, Clock::duration took) {
    forget(host);
    if (entries.size() >= kMostNames) forget(std::string(oldest.front()));
    oldest.push_back(host);
    const bool fault = addresses.fault != Addresses::Fault::none;
    const Clock::duration keeping = !fault ? kKeep : took > kSlow ? kKeepSlowFault : kKeepFault;
    entries[host] = {addresses, Clock::now() + keeping, std::prev(oldest.end())};
  }
  void forget(const std::string& host) {
    if (const auto at = entries.find(host); at != entries.end()) {
      oldest.erase(at->second.age);
      entries.erase(at);
    }
  }

  std::unordered_map<std::string, Entry> entries;
  std::list<std::string> oldest;  // in front
  std::unordered_map<std::string, std::vector<Done>> waiting;
};

Lookup::Lookup() : shared_(std::make_shared<Shared>()), cache_(std::make_unique<Cache>()) {
  if (shared_->event < 0) throw std::runtime_error("no descriptor for the resolver");
}

Lookup::~Lookup() {
  const std::lock_guard lock(shared_->mutex);
  shared_->over = true;
  shared_->wake.notify_all();
}

void Lookup::find(const std::string& host, Done done) {
  if (const Addresses* known = cache_->find(host)) return done(*known);
  auto& waiting = cache_->waiting[host];
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) return;  // it is asked for already
  const std::lock_guard lock(shared_->mutex);
  shared_->wanted.push_back(host);
  if (shared_->idle < static_cast<int>(shared_->wanted.size()) && shared_->threads < kThreads) {
    ++shared_->threads;
    std::thread([shared = shared_] { shared->work(); }).detach();
  }
  shared_->wake.notify_one();
}

void Lookup::deliver() {
  std::vector<Found> found;
  {
    const std::lock_guard lock(shared_->mutex);
    eventfd_t count = 0;
    eventfd_read(shared_->event, &count);
    found.swap(shared_->found);
  }
  for (const auto& [host, addresses, took] : found) {
    cache_->keep(host, addresses, took);
    const auto at = cache_->waiting.find(host);
    if (at == cache_->waiting.end()) continue;
    const auto waiting = std::move(at->second);
    cache_->waiting.erase(at);
    for (const auto& done : waiting) done(addresses);
  }
}

int Lookup::event_fd() const {
  return shared_->event;
}

}  // namespace check
