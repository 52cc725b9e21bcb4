#include "app/ingest/clicks_process.hpp"

#include <algorithm>
#include <cstdlib>

#include <poll.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/base/log.hpp"
#include "app/base/signals.hpp"
#include "app/ingest/flusher.hpp"
#include "app/ingest/map_sync.hpp"
#include "app/ingest/state_lock.hpp"

namespace ingest {
namespace {

constexpr base::Micros kLongestWait = 250'000;
constexpr base::Micros kLockAgain = 20'000;
constexpr base::Micros kLastWork = 2'500'000;  // the master waits 3 s for whoever leaves last

// A batch has thousands of rows and may take longer than a request. Not so a lock that somebody holds: the link map,
// whose changes are to be seen within a second, waits meanwhile.
db::Options database_options(const base::Config& config) {
  return {.url = config.clicks.database_url.empty() ? config.database.url : config.clicks.database_url,
          .application_name = "quietleaks-clicks",
          .connect_timeout_s = config.database.connect_timeout_s,
          .statement_timeout_ms = 20'000,
          .lock_timeout_ms = 500};
}

// Until then, until there is something to read, or until a signal. The only moment that signals can come.
void wait(int socket, base::Micros longest) {
  pollfd watched{socket, POLLIN, 0};  // a negative one is passed over
  const timespec timeout{longest / 1'000'000, longest % 1'000'000 * 1000};
  ppoll(&watched, 1, &timeout, &base::open_signal_mask());
}

bool wait_for_lock(StateLock& lock, const Supervision& supervision) {
  while (!lock.take()) {
    if (!supervision.carry_on()) return false;
    wait(-1, kLockAgain);
  }
  return true;
}

void finish(Flusher& flusher) {
  const base::Micros deadline = base::monotonic_micros() + kLastWork;
  flusher.hurry();
  for (base::Micros now = 0; !flusher.done() && now < deadline; now = base::monotonic_micros())
    flusher.step(base::monotonic_micros(), base::unix_seconds());
}

}  // namespace

int run_clicks_process(const base::Config& config, shm::ClicksBoard& board, const Supervision& supervision) {
  supervision.ready();
  StateLock lock(config.server.state_dir);
  if (!wait_for_lock(lock, supervision)) return EXIT_SUCCESS;
  board.pid = getpid();
  const db::Options options = database_options(config);
  MapSync map(config.server.state_dir, options, board);
  Flusher flusher(config.server.state_dir, options, board);
  while (supervision.carry_on()) {
    const base::Micros map_rest = map.step(base::monotonic_micros(), base::unix_seconds());
    const base::Micros flush_rest = flusher.step(base::monotonic_micros(), base::unix_seconds());
    wait(map.socket(), std::min({map_rest, flush_rest, kLongestWait}));
  }
  finish(flusher);
  board.pid = 0;
  return EXIT_SUCCESS;
}

}  // namespace ingest
