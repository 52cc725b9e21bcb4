// One worker process: waits for connections and requests with one epoll, hands each request to the pipeline, answers
// it, and tells the master that it is alive. Knows no other worker.
//
// Where answers must wait for the service to settle (web::Service), one settle() serves all requests of a turn.
//
// A pool that keeps connections holds many of nginx's and serves each as its requests come. A pool that does not serves
// one connection after the other, for one request each, so that no request ever waits behind a slow one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>

#include "app/base/config.hpp"
#include "app/http/problem.hpp"
#include "app/server/channel.hpp"
#include "app/server/fcgi_transport.hpp"
#include "app/server/fd.hpp"
#include "app/shm/scoreboard.hpp"
#include "app/web/service.hpp"

namespace server {

class Worker {
 public:
  // `listener` and `channel` stay the caller's. SIGTERM must be caught (base::catch_signals) by now.
  Worker(const base::Config& config, const base::PoolConfig& pool, int listener, int channel, web::Service& service,
         shm::WorkerSlot& slot);

  // Serves until SIGTERM (then it finishes what it has begun) or the master's end. The process's exit code.
  int run();

 private:
  // A request between its arrival and its answer.
  struct Exchange {
    std::unique_ptr<FcgiTransport> transport;
    int connection = -1;
    http::Request request{};
    http::Response response{};
  };

  void turn();
  void tick();
  void take_what_a_sleeper_left();
  void retire_if_due();

  void listen();
  void stop_listening();
  bool accept_one();
  void pause_listening(int error);

  bool serve(int connection);
  void serve_kept(int connection);
  bool answer(int connection);
  void serve_together(std::span<const int> connections);
  bool begin(int connection, Exchange& exchange);
  bool finish(Exchange& exchange);
  Exchange& exchange(std::size_t index);
  http::Response refuse(const http::Problem& problem, const http::Request& request);
  void keep(int connection, bool used);
  void forget(int connection);

  void drain();
  void await_first_requests();
  void close_without_loss(int connection);

  void watch_wakeup();
  void rewatch_wakeup();
  void tell(Word word);
  void beat();
  int milliseconds_to_next_duty() const;

  const base::Config& config_;
  const base::PoolConfig& pool_;
  const int listener_;
  const int channel_;
  web::Service& service_;
  shm::WorkerSlot& slot_;
  const bool settles_;
  std::deque<Exchange> exchanges_;  // the first is for one request at a time
  Fd epoll_;

  std::unordered_map<int, bool> connections_;  // by descriptor; true: it has brought a request before
  int wakeup_ = -1;                            // the service's descriptor that is watched
  bool listening_ = false;
  bool stopping_ = false;  // connections are closed after their answer
  bool master_gone_ = false;
  bool retiring_ = false;
  std::int64_t served_ = 0;
  std::int64_t served_at_tick_ = 0;
  std::int64_t serve_at_most_;  // then retire; 0: never
  base::Micros next_tick_ = 0;
  base::Micros last_word_ = 0;
  base::Micros listen_at_ = 0;  // while not listening for want of descriptors
  base::Micros leave_at_ = 0;   // while stopping
};

}  // namespace server
