#include "app/check/fetcher.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

#include "app/check/alarm.hpp"
#include "app/check/background.hpp"
#include "app/check/chain.hpp"
#include "app/check/host_addresses.hpp"
#include "app/check/multi.hpp"
#include "app/check/script_browser.hpp"

namespace check {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSpareTransfers = 512;

struct Descriptor {
  explicit Descriptor(int number) : fd(number) {
    if (fd < 0) throw std::runtime_error("no descriptor left for fetching");
  }
  ~Descriptor() { close(fd); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  const int fd;
};

Milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
}

}  // namespace

class Fetcher::Impl {
 public:
  Impl(FetchOptions options, Gate* gate);
  ~Impl();

  void start(std::string url, Judge judge, Done done);
  std::size_t running() const { return chains_.size() + ended_.size(); }
  int event_fd() const { return epoll_.fd; }
  void turn(Milliseconds at_most);

 private:
  using Key = const Chain*;
  using Next = Chain::Next;
  struct Running {
    std::shared_ptr<Chain> chain;
    Clock::time_point hop_start{};
    bool inside = false;   // of the gate
    bool looking = false;  // for its host's addresses
  };

  void enter(const std::shared_ptr<Chain>& chain);
  void begin_hop(Running& running);
  void request(Running& running, const std::vector<std::string>& addresses);
  void found(const std::weak_ptr<Chain>& waiting, const Addresses& addresses);
  Running* end_lookup(const std::weak_ptr<Chain>& waiting);
  void hop_done(Key key, Answer&& answer);
  void go_on(const std::shared_ptr<Chain>& chain, Next next);
  void leave(Running& running);
  bool own_event(int fd);
  void take_answers();
  void end_late_lookups();
  void set_alarm();
  void report_ended();
  std::unique_ptr<Transfer> take_transfer();

  FetchOptions options_;
  Gate* const gate_;
  Descriptor epoll_{epoll_create1(EPOLL_CLOEXEC)};
  Multi multi_;
  Alarm alarm_;
  HostAddresses addresses_;
  Background background_;
  ScriptBrowser browser_;
  std::multimap<Clock::time_point, Key> lookups_;  // by the time when they are over
  std::unordered_map<Key, Running> chains_;
  std::unordered_map<CURL*, Key> by_handle_;
  std::vector<std::shared_ptr<Chain>> ended_;  // to be reported
  std::vector<std::unique_ptr<Transfer>> spare_;
};

Fetcher::Impl::Impl(FetchOptions options, Gate* gate)
    : options_(std::move(options)),
      gate_(gate),
      multi_(epoll_.fd, options_.kept_connections),
      addresses_(options_.resolve),
      browser_(options_) {
  for (const int fd : {alarm_.fd(), addresses_.event_fd(), background_.event_fd(), browser_.event_fd()}) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    epoll_ctl(epoll_.fd, EPOLL_CTL_ADD, fd, &event);
  }
}

Fetcher::Impl::~Impl() {
  for (const auto& [handle, key] : by_handle_) multi_.remove(handle);
}

std::unique_ptr<Transfer> Fetcher::Impl::take_transfer() {
  if (spare_.empty()) return std::make_unique<Transfer>(options_, options_.guard);
  auto transfer = std::move(spare_.back());
  spare_.pop_back();
  return transfer;
}

void Fetcher::Impl::start(std::string url, Judge judge, Done done) {
  auto chain = std::make_shared<Chain>(std::move(url), std::move(judge), std::move(done));
  if (!chain->begin()) {
    ended_.push_back(std::move(chain));
    return set_alarm();
  }
  chains_[chain.get()] = {.chain = chain};
  enter(chain);
  set_alarm();
}

void Fetcher::Impl::enter(const std::shared_ptr<Chain>& chain) {
  if (gate_ != nullptr && chain->has_asked() && gate_->crowded(chain->url().host()))
    return go_on(chain, chain->give_up(Ending::crowded, "its turn at the next host would come too late"));
  const auto go = [this, waiting = std::weak_ptr<Chain>(chain)] {
    if (const auto waited = waiting.lock()) begin_hop(chains_.at(waited.get()));
  };
  gate_ == nullptr ? go() : gate_->enter(chain->url().host(), go);
}

void Fetcher::Impl::begin_hop(Running& running) {
  const Url& url = running.chain->url();
  running.inside = true;
  running.hop_start = Clock::now();
  running.looking = true;
  lookups_.emplace(running.hop_start + options_.timeout - running.chain->spent(), running.chain.get());
  addresses_.find(url, [this, waiting = std::weak_ptr<Chain>(running.chain)](const Addresses& addresses) {
    found(waiting, addresses);
  });
}

void Fetcher::Impl::found(const std::weak_ptr<Chain>& waiting, const Addresses& addresses) {
  Running* running = end_lookup(waiting);
  if (running == nullptr) return;
  if (addresses.fault == Addresses::Fault::none) return request(*running, addresses.list);
  Answer answer;
  const bool no_such_host = addresses.fault == Addresses::Fault::no_such_host;
  answer.ending = no_such_host ? Ending::no_such_host : Ending::resolver_failed;
  answer.error = addresses.error;
  hop_done(running->chain.get(), std::move(answer));
}

// Null: nobody waits for it any more.
Fetcher::Impl::Running* Fetcher::Impl::end_lookup(const std::weak_ptr<Chain>& waiting) {
  const auto chain = waiting.lock();
  if (!chain) return nullptr;
  auto& running = chains_.at(chain.get());
  if (!std::exchange(running.looking, false)) return nullptr;
  std::erase_if(lookups_, [&](const auto& entry) { return entry.second == chain.get(); });
  return &running;
}

void Fetcher::Impl::request(Running& running, const std::vector<std::string>& addresses) {
  auto& chain = *running.chain;
  if (!chain.transfer) chain.transfer = take_transfer();
  const auto left = options_.timeout - chain.spent() - since(running.hop_start);
  chain.transfer->prepare(chain.url(), addresses, left);
  by_handle_[chain.transfer->handle()] = &chain;
  multi_.add(chain.transfer->handle());
}

void Fetcher::Impl::leave(Running& running) {
  if (std::exchange(running.inside, false) && gate_ != nullptr) gate_->leave(running.chain->url().host());
}

void Fetcher::Impl::hop_done(Key key, Answer&& answer) {
  auto& running = chains_.at(key);
  const auto chain = running.chain;
  chain->receive(std::move(answer), since(running.hop_start));
  leave(running);
  if (chain->quickly_read()) return go_on(chain, chain->read(options_));
  const auto next = std::make_shared<Next>();
  background_.run([this, chain, next] { *next = chain->read(options_); }, [this, chain, next] { go_on(chain, *next); });
}

void Fetcher::Impl::go_on(const std::shared_ptr<Chain>& chain, Next next) {
  if (next == Next::request) return enter(chain);
  if (next == Next::browser) return browser_.follow(chain, [this, chain](Next then) { go_on(chain, then); });
  if (chain->transfer && spare_.size() < kSpareTransfers) {
    chain->transfer->forget_cookies();
    spare_.push_back(std::move(chain->transfer));
  }
  chain->transfer.reset();
  chains_.erase(chain.get());
  ended_.push_back(chain);
}

void Fetcher::Impl::take_answers() {
  while (const auto ended = multi_.take_ended()) {
    const Key key = by_handle_.extract(ended->handle).mapped();
    hop_done(key, chains_.at(key).chain->transfer->finish(ended->code));
  }
}

void Fetcher::Impl::end_late_lookups() {
  while (!lookups_.empty() && lookups_.begin()->first <= Clock::now()) {
    const Key key = lookups_.begin()->second;
    lookups_.erase(lookups_.begin());
    chains_.at(key).looking = false;
    Answer answer;
    answer.ending = Ending::late_lookup;
    answer.error = "the resolver gave no answer in time";
    hop_done(key, std::move(answer));
  }
}

// So that event_fd() is readable when time makes something due, too.
void Fetcher::Impl::set_alarm() {
  auto due = multi_.due();
  if (!lookups_.empty()) due = std::min(due, lookups_.begin()->first);
  if (!ended_.empty()) due = Clock::now();
  alarm_.set(due);
}

void Fetcher::Impl::report_ended() {
  for (const auto& chain : std::exchange(ended_, {})) chain->report();
}

// Whether it was none of a transfer's.
bool Fetcher::Impl::own_event(int fd) {
  if (fd == addresses_.event_fd())
    addresses_.deliver();
  else if (fd == background_.event_fd())
    background_.deliver();
  else if (fd == browser_.event_fd())
    browser_.deliver();
  else
    return fd == alarm_.fd();
  return true;
}

void Fetcher::Impl::turn(Milliseconds at_most) {
  std::array<epoll_event, 256> events{};
  const int ready =
      epoll_wait(epoll_.fd, events.data(), static_cast<int>(events.size()), static_cast<int>(at_most.count()));
  for (const auto& event : std::span(events).first(static_cast<std::size_t>(std::max(ready, 0))))
    if (!own_event(event.data.fd)) multi_.ready(event.data.fd, event.events);
  if (multi_.due() <= Clock::now()) multi_.ring();
  end_late_lookups();
  take_answers();
  report_ended();
  set_alarm();
}

Fetcher::Fetcher(FetchOptions options, Gate* gate) : impl_(std::make_unique<Impl>(std::move(options), gate)) {}
Fetcher::~Fetcher() = default;

void Fetcher::start(std::string url, Judge judge, Done done) {
  impl_->start(std::move(url), std::move(judge), std::move(done));
}
std::size_t Fetcher::running() const {
  return impl_->running();
}
int Fetcher::event_fd() const {
  return impl_->event_fd();
}
void Fetcher::turn(Milliseconds at_most) {
  impl_->turn(at_most);
}

}  // namespace check
