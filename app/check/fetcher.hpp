// Fetches destinations as a browser would, hundreds at once in one thread: libcurl's multi interface on epoll, each
// redirect followed by our own loop, the address guard at every connect. Pages are read, and records judged, on threads
// of its own. Home of libcurl.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/check/fetch_options.hpp"
#include "app/check/record.hpp"
#include "app/check/verdict.hpp"

namespace check {

// Asked before each request of a chain: checks of one host wait for each other. Every `enter` whose `go` was called is
// followed by one `leave`.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual void enter(const std::string& host, std::function<void()> go) = 0;  // may call it at once, or later
  virtual void leave(const std::string& host) = 0;
  virtual bool crowded(const std::string& host) const = 0;  // who comes to it by a redirect shall not wait
};

class Fetcher {
 public:
  using Judge = std::function<Verdict(const Record&)>;
  using Done = std::function<void(Record&&, Verdict&&)>;

  explicit Fetcher(FetchOptions options, Gate* gate = nullptr);
  ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  // `judge` is called once, with the finished record, on any thread; then `done`, from within `turn`. The time that a
  // chain waits at the gate is not part of its durations. Throws std::invalid_argument from the constructor for an
  // entry of `resolve` that is none.
  void start(std::string url, Judge judge, Done done);

  std::size_t running() const;  // started and not done
  int event_fd() const;         // epoll's: readable when `turn` has something to do now
  void turn(Milliseconds at_most);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace check
