// Several requests whose answers wait for one settle(): with durability = "power" all clicks of a turn share one sync
// of the disk.
#include "app/base/clock.hpp"
#include "app/server/worker.hpp"

namespace server {

// Every one of them is received and handled before any is answered, and all are answered before the next wait.
void Worker::serve_together(std::span<const int> connections) {
  beat();
  slot_.busy_since = base::monotonic_micros();
  slot_.state = static_cast<std::uint32_t>(shm::WorkerState::busy);
  std::size_t pending = 0;
  for (const int connection : connections) {
    if (begin(connection, exchange(pending)))
      ++pending;
    else
      forget(connection);
  }
  service_.settle();
  for (std::size_t i = 0; i < pending; ++i) {
    const int connection = exchanges_[i].connection;
    if (finish(exchanges_[i]))
      connections_[connection] = true;
    else
      forget(connection);
    beat();
  }
  slot_.state = static_cast<std::uint32_t>(stopping_ ? shm::WorkerState::stopping : shm::WorkerState::idle);
  slot_.busy_since = 0;
  watch_wakeup();
  beat();
}

// Made when so many are first needed at once, and kept.
Worker::Exchange& Worker::exchange(std::size_t index) {
  while (exchanges_.size() <= index)
    exchanges_.push_back({.transport = std::make_unique<FcgiTransport>(FcgiTransport::Host{
                              .body_rule = [this](const http::Request& request) { return service_.body_rule(request); },
                              .progress = [this] { beat(); }})});
  return exchanges_[index];
}

}  // namespace server
