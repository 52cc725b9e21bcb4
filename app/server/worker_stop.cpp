// How a worker leaves without losing a request.
#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/server/input.hpp"
#include "app/server/worker.hpp"

namespace server {
namespace {

constexpr base::Micros kLeaveTaking = 250'000;  // kept connections have this long to be used once more
constexpr base::Micros kLastInput = 1'000'000;  // new connections have this long to bring their request
constexpr int kLastAccepts = 256;               // taken from the queue
constexpr auto kBetweenCloses = std::chrono::milliseconds(1);

}  // namespace

// Answers what has been accepted and what waits in the queue, then closes every connection without losing a request.
//
// nginx does not notice the end of a kept connection that comes with an answer, and tries a request again that meets
// one which ended while idle, but only so often: so connections in use get their ending with an answer, and the idle
// rest is closed one after the other.
void Worker::drain() {
  stopping_ = true;
  leave_at_ = base::monotonic_micros() + kLeaveTaking;
  slot_.state = static_cast<std::uint32_t>(shm::WorkerState::stopping);
  stop_listening();
  for (int left = kLastAccepts; left > 0 && accept_one(); --left) {
  }
  while (!connections_.empty() && !master_gone_ && base::monotonic_micros() < leave_at_) turn();
  await_first_requests();
  while (!connections_.empty()) {
    close_without_loss(connections_.begin()->first);
    if (!connections_.empty()) std::this_thread::sleep_for(kBetweenCloses);
  }
  slot_.state = static_cast<std::uint32_t>(shm::WorkerState::empty);
}

// nginx tries a request again if a *kept* connection fails under it. A new one has to be heard.
void Worker::await_first_requests() {
  const base::Micros until = base::monotonic_micros() + kLastInput;
  std::vector<int> fresh;
  for (const auto& [connection, used] : connections_)
    if (!used) fresh.push_back(connection);
  for (const int connection : fresh) {
    const base::Micros left = std::max<base::Micros>(until - base::monotonic_micros(), 0);
    if (wait_for_input(connection, static_cast<int>(left / 1000)) != Input::none) serve_kept(connection);
  }
}

// From SHUT_RD on, nginx's write fails before a byte of it has arrived, and nginx goes elsewhere; what arrived before
// is still here to be read. So every request is either answered or was never begun: there is no gap between.
void Worker::close_without_loss(int connection) {
  shutdown(connection, SHUT_RD);
  if (has_input_now(connection)) {
    serve_kept(connection);  // which closes, since we are stopping
    return;
  }
  forget(connection);
  close(connection);
}

}  // namespace server
