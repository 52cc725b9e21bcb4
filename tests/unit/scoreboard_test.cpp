// The scoreboard: its layout, what is refused, and reading while others write.
#include "app/shm/scoreboard.hpp"

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/support/boost_test.hpp"

namespace {

constexpr int kSlots = 5;

shm::Region formatted() {
  auto region = shm::Region::anonymous("test", shm::Scoreboard::bytes(kSlots));
  shm::Scoreboard::format(region.data(), kSlots);
  return region;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scoreboard_suite)

BOOST_AUTO_TEST_CASE(slots_are_empty_apart_and_within_the_region) {
  const auto region = formatted();
  const shm::Scoreboard board(region);
  BOOST_REQUIRE(board.slots().size() == static_cast<std::size_t>(kSlots));
  for (auto& slot : board.slots()) {
    BOOST_TEST((static_cast<shm::WorkerState>(slot.state.load()) == shm::WorkerState::empty));
    BOOST_TEST(slot.requests.load() == 0u);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(&slot) % 64 == 0u);  // no two workers on one cache line
  }
  const char* end = reinterpret_cast<const char*>(board.slots().data() + board.slots().size());
  BOOST_TEST((end == static_cast<const char*>(region.data()) + region.size()));
}

BOOST_AUTO_TEST_CASE(what_one_process_writes_another_reads) {
  const auto region = formatted();
  const auto other = shm::Region::adopt(::dup(region.fd()), region.size());
  shm::Scoreboard(region.data()).slots()[3].requests.fetch_add(42);
  shm::Scoreboard(region.data()).header().master_pid = 7;
  BOOST_TEST(shm::Scoreboard(other).slots()[3].requests.load() == 42u);
  BOOST_TEST(shm::Scoreboard(other).header().master_pid.load() == 7);
}

BOOST_AUTO_TEST_CASE(a_foreign_or_damaged_layout_is_refused) {
  const auto broken_by = [](auto&& damage) {
    const auto region = formatted();
    damage(*static_cast<shm::ScoreboardHeader*>(region.data()));
    BOOST_CHECK_THROW(shm::Scoreboard{region.data()}, std::runtime_error);
    BOOST_CHECK_THROW(shm::Scoreboard{region}, std::runtime_error);
  };
  broken_by([](auto& header) { std::memset(header.magic, 0, sizeof header.magic); });
  broken_by([](auto& header) { header.magic[7] = '9'; });
  broken_by([](auto& header) { header.slot_bytes += 64; });
  broken_by([](auto& header) { header.slots = 0; });
  broken_by([](auto& header) { header.slots = shm::Scoreboard::kMaxWorkers + 1; });

  const auto region = formatted();
  static_cast<shm::ScoreboardHeader*>(region.data())->slots = kSlots + 1;
  BOOST_CHECK_THROW(shm::Scoreboard{region}, std::runtime_error);  // more slots than memory
  BOOST_CHECK_THROW(shm::Scoreboard{shm::Region::anonymous("tiny", 8)}, std::runtime_error);
  BOOST_CHECK_THROW(shm::Scoreboard::format(region.data(), 0), std::invalid_argument);
  BOOST_CHECK_THROW(shm::Scoreboard::format(region.data(), shm::Scoreboard::kMaxWorkers + 1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_reader_sees_counters_only_grow_while_workers_write) {
  const auto region = formatted();
  const shm::Scoreboard board(region);
  constexpr std::uint64_t kEach = 200'000;
  std::vector<std::thread> workers;
  for (auto& slot : board.slots())
    workers.emplace_back([&slot] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        slot.state = static_cast<std::uint32_t>(i % 2 ? shm::WorkerState::busy : shm::WorkerState::idle);
        slot.requests.fetch_add(1, std::memory_order_relaxed);
      }
    });
  std::vector<std::uint64_t> seen(kSlots);
  int backwards = 0;
  for (std::uint64_t sum = 0; sum < kSlots * kEach;) {
    sum = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const auto now = board.slots()[i].requests.load(std::memory_order_relaxed);
      backwards += now < seen[i];
      sum += seen[i] = now;
    }
  }
  for (auto& worker : workers) worker.join();
  BOOST_TEST(backwards == 0);
}

BOOST_AUTO_TEST_SUITE_END()
