// bench-click-board RUN_DIR: what the scoreboard says of redirects and clicks, as one line of JSON. Counts are of all
// workers since their master's start.
#include <exception>
#include <iostream>
#include <string>

#include "app/shm/scoreboard.hpp"

namespace {

std::uint64_t sum(const shm::Scoreboard& board, std::atomic<std::uint64_t> shm::WorkerSlot::*field) {
  std::uint64_t total = 0;
  for (const shm::WorkerSlot& slot : board.slots()) total += (slot.*field).load();
  return total;
}

void print(const shm::Scoreboard& board) {
  const shm::ClicksBoard& clicks = board.header().clicks;
  std::cout << "{\"redirects\":" << sum(board, &shm::WorkerSlot::redirects)
            << ",\"misses\":" << sum(board, &shm::WorkerSlot::map_misses)
            << ",\"journalled\":" << sum(board, &shm::WorkerSlot::clicks_journalled)
            << ",\"held\":" << sum(board, &shm::WorkerSlot::clicks_held)
            << ",\"lost\":" << sum(board, &shm::WorkerSlot::clicks_lost) << ",\"flushed\":" << clicks.flushed_clicks
            << ",\"repeated\":" << clicks.repeated_clicks << ",\"failures\":" << clicks.flush_failures
            << ",\"lag_ms\":" << clicks.lag_ms << ",\"map_links\":" << clicks.map_links << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bench-click-board RUN_DIR\n";
    return 2;
  }
  try {
    const shm::Region region = shm::Region::open_read_only(argv[1] + std::string("/scoreboard"));
    print(shm::Scoreboard(region));
  } catch (const std::exception& error) {
    std::cerr << "bench-click-board: " << error.what() << '\n';
    return 1;
  }
}
