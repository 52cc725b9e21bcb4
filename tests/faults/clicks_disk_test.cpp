// A disk that is full or fails costs no redirect and no click that was journalled: the state directory on a file system
// of a few MiB that the test fills up, and EIO and ENOSPC injected into the writes and syncs of go workers and of the
// clicks process. What is held in memory meanwhile arrives afterwards; what is beyond that is counted as lost.
#include <fstream>
#include <iostream>
#include <memory>
#include <set>

#include <unistd.h>

#include "tests/faults/click_ledger.hpp"
#include "tests/faults/tracer.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using faults::ClickInstance;
using faults::ClickLedger;
using faults::Clock;
using faults::Injection;
using faults::Tracer;
using faults::Visitors;

BOOST_AUTO_TEST_SUITE(clicks_disk)

constexpr double kAlarmWithin = 5;  // seconds

boost::test_tools::assertion_result root_only(boost::unit_test::test_unit_id) {
  if (geteuid() == 0) return true;
  boost::test_tools::assertion_result skipped(false);
  skipped.message() << "SKIPPED: only root can mount a small file system";
  std::cout << "  faults: SKIPPED: only root can mount a small file system" << std::endl;
  return skipped;
}

// All the room there is, to the last byte.
class FullDisk {
 public:
  explicit FullDisk(const ClickInstance& instance) : path_(instance.state_dir() + "/filler") {
    std::ofstream file(path_, std::ios::binary);
    while (file.put('x').flush()) file << std::string(4095, 'x');
  }
  ~FullDisk() { unlink(path_.c_str()); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  const std::string path_;
};

void expect_alarm(const ClickInstance& instance, const std::string& event, int before, Clock::time_point since) {
  const bool said = faults::wait_until([&] { return instance.logged(event) > before; }, kAlarmWithin);
  std::cout << "  faults: " << event << " said after " << faults::seconds_since(since) << " s" << std::endl;
  BOOST_TEST(said, event << " is not in the log within " << kAlarmWithin << " s");
}

void expect_all_right(const std::vector<faults::Visit>& visits) {
  BOOST_TEST(!visits.empty());
  for (const auto& [error, count] : faults::failures(visits)) BOOST_ERROR(count << " visits: " << error);
}

faults::Verdict settle(const ClickInstance& instance, ClickLedger& ledger, Visitors& visitors,
                       const std::string& what) {
  const auto visits = visitors.stop();
  expect_all_right(visits);
  BOOST_TEST(faults::wait_until([&] { return instance.on_scoreboard(&shm::WorkerSlot::clicks_held) == 0; }, 10));
  ledger.add(visits);
  auto verdict = ledger.check(30);
  std::cout << "  faults: " << what << ": " << verdict.counts() << std::endl;
  return verdict;
}

BOOST_AUTO_TEST_CASE(a_full_disk_costs_nothing, *boost::unit_test::precondition(root_only)) {
  ClickInstance instance({.state_mib = 4});
  ClickLedger ledger(instance);
  Visitors visitors(instance);
  faults::sleep_ms(500);
  {
    const FullDisk full(instance);
    const auto start = Clock::now();
    expect_alarm(instance, "journal_cannot_write", 0, start);
    expect_alarm(instance, "state_dir_nearly_full", 0, start);
    faults::sleep_ms(faults::repeat(1000, 5000));
    BOOST_TEST(instance.on_scoreboard(&shm::WorkerSlot::clicks_held) > 0u);
  }
  const auto verdict = settle(instance, ledger, visitors, "full disk");
  BOOST_TEST(verdict.good(), verdict.summary());
  BOOST_TEST(instance.on_scoreboard(&shm::WorkerSlot::clicks_lost) == 0u);
}

// New workers and a new clicks process find no room for anything, and go on with what is there.
BOOST_AUTO_TEST_CASE(processes_start_on_a_full_disk, *boost::unit_test::precondition(root_only)) {
  ClickInstance instance({.state_mib = 4});
  ClickLedger ledger(instance);
  Visitors visitors(instance);
  faults::sleep_ms(500);
  visitors.pause();
  {
    const FullDisk full(instance);
    instance.fresh_worker("go");
    instance.fresh_clicks_process([](pid_t) {});
    visitors.resume();
    faults::sleep_ms(faults::repeat(2000, 10000));
    BOOST_TEST(instance.complete());
    visitors.pause();
  }
  visitors.resume();
  const auto verdict = settle(instance, ledger, visitors, "started on a full disk");
  BOOST_TEST(verdict.good(), verdict.summary());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_held_is_counted_as_lost, *boost::unit_test::precondition(root_only)) {
  ClickInstance instance({.go_workers = 1, .state_mib = 4});
  ClickLedger ledger(instance);
  const auto lost = [&] { return static_cast<long>(instance.on_scoreboard(&shm::WorkerSlot::clicks_lost)); };
  Visitors visitors(instance, {.connections = 8, .pause_ms = 0});
  {
    const FullDisk full(instance);
    BOOST_TEST(faults::wait_until([&] { return lost() > 100; }, 60));
    visitors.pause();
  }
  auto verdict = settle(instance, ledger, visitors, "full disk for too long");
  std::cout << "  faults: " << lost() << " counted as lost" << std::endl;
  BOOST_TEST(verdict.lost == lost());
  BOOST_TEST(verdict.answered == verdict.counted + lost());
  BOOST_TEST(verdict.twice == 0);
  BOOST_TEST(instance.logged("journal_loses_clicks") == 1);
}

// --- injected errors ----------------------------------------------------------------------------------------------

// A file that once could not be synced is never synced again: the kernel would call it clean.
void expect_no_sync_repeated(const std::vector<std::string>& lines) {
  std::set<std::string> failed;
  for (const auto& line : lines) {
    if (faults::call_of(line) != "fdatasync") continue;
    BOOST_TEST(!failed.contains(faults::file_of(line)), "synced again: " << line);
    if (line.find("(INJECTED)") != std::string::npos) failed.insert(faults::file_of(line));
  }
}

struct Failing {
  std::string call;
  std::string error;
  std::string event;  // that tells of it
};

// A worker without a past fails from the `from`-th call on for a while.
void fail_go_worker(const ClickInstance& instance, ClickLedger& ledger, const Failing& failing, int from) {
  const int said = instance.logged(failing.event);
  Visitors visitors(instance);
  faults::sleep_ms(200);
  visitors.pause();
  const pid_t worker = instance.fresh_worker("go");
  Tracer tracer(worker, instance.directory() + "/log/strace", "fdatasync",
                {{failing.call, "error=" + failing.error, std::to_string(from) + '+'}});
  visitors.resume();
  expect_alarm(instance, failing.event, said, Clock::now());
  faults::sleep_ms(faults::repeat(500, 5000));
  tracer.detach();
  const std::string what = failing.error + " at " + failing.call + " from number " + std::to_string(from);
  BOOST_TEST(tracer.injected() > 0, what << " was never injected");
  BOOST_TEST(faults::alive(worker), what << " ended the worker");
  const auto verdict = settle(instance, ledger, visitors, what);
  BOOST_TEST(verdict.good(), what << ": " << verdict.summary());
  BOOST_TEST(instance.on_scoreboard(&shm::WorkerSlot::clicks_lost) == 0u);
  expect_no_sync_repeated(tracer.lines());
}

BOOST_AUTO_TEST_CASE(a_go_worker_cannot_write) {
  const ClickInstance instance({.go_workers = 1});
  ClickLedger ledger(instance);
  for (const int from : {1, 3})
    for (const char* error : {"EIO", "ENOSPC"})
      fail_go_worker(instance, ledger, {"pwrite64", error, "journal_cannot_write"}, from);
}

BOOST_AUTO_TEST_CASE(a_go_worker_cannot_sync) {
  const ClickInstance instance({.go_workers = 1});
  ClickLedger ledger(instance);
  fail_go_worker(instance, ledger, {"fdatasync", "EIO", "journal_cannot_sync"}, 1);
  fail_go_worker(instance, ledger, {"fdatasync", "EIO", "journal_cannot_sync"}, 3);
  fail_go_worker(instance, ledger, {"fdatasync", "ENOSPC", "journal_cannot_sync"}, 2);
  fail_go_worker(instance, ledger, {"fsync", "EIO", "journal_cannot_sync"}, 1);  // of the directory
}

// Redirects go on from what the map holds, counting goes on, and afterwards the map becomes true again.
void fail_clicks_process(const ClickInstance& instance, const Failing& failing) {
  const int said = instance.logged(failing.event);
  const std::string what = failing.error + " at " + failing.call;
  std::unique_ptr<Tracer> tracer;
  Visitors visitors(instance);
  instance.fresh_clicks_process([&](pid_t pid) {
    tracer = std::make_unique<Tracer>(
        pid, instance.directory() + "/log/strace", "fdatasync",
        std::vector<Injection>{{.call = failing.call, .fault = "error=" + failing.error, .when = "1+"}});
    instance.have_map_rebuilt();
  });
  expect_alarm(instance, failing.event, said, Clock::now());
  faults::sleep_ms(faults::repeat(300, 3000));
  tracer->detach();
  BOOST_TEST(tracer->injected() > 0, what << " was never injected");
  BOOST_TEST(instance.wait_for_map(20), "the map is not true again after " << what);
  expect_all_right(visitors.stop());
}

BOOST_AUTO_TEST_CASE(the_clicks_process_cannot_write_the_map) {
  const ClickInstance instance;
  for (const char* call : {"pwrite64", "fdatasync", "ftruncate"})
    for (const char* error : {"EIO", "ENOSPC"})
      fail_clicks_process(instance, {call, error, "link_map_cannot_be_written"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
