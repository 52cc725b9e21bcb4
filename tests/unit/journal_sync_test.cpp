// What of the click journal is on the disk, and when; and that no legal outcome of a power cut takes what was synced.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "app/base/clock.hpp"
#include "app/clicks/journal.hpp"
#include "tests/unit/clicks_folder.hpp"
#include "tests/unit/system_calls.hpp"

namespace {

using clicks::Durability;
using clicks::Journal;
using unit::click;
using unit::numbers;
using unit::read_journal;
using unit::SystemCall;

void append(Journal& journal, std::uint64_t from, std::uint64_t to) {
  for (; from < to; ++from) journal.append(click(from));
}

bool in_segment(const SystemCall& call) {
  return call.path.ends_with(".clicks");
}

// Notes how old, at the end of the sync that takes it to the disk, each record is; and every sync that comes when it
// must not.
class Syncs {
 public:
  int operator()(const SystemCall& call) {
    const std::lock_guard lock(mutex_);
    if (!in_segment(call)) return 0;
    File& file = files_[call.path];
    const base::Micros now = base::monotonic_micros();
    if (call.name == "pwrite" && call.done && file.oldest == 0) file.oldest = now;
    if (call.name != "fdatasync") return 0;
    if (!call.done) return begin(file, now);
    oldest_ = std::max(oldest_, file.syncing == 0 ? 0 : now - file.syncing);
    ++synced_;
    return 0;
  }

  void fail_next(int count) {
    const std::lock_guard lock(mutex_);
    to_fail_ = count;
  }
  int synced() const { return locked(synced_); }
  int failed() const { return locked(failed_); }
  int synced_after_failure() const { return locked(synced_after_failure_); }
  base::Micros oldest() const { return locked(oldest_); }

 private:
  struct File {
    base::Micros oldest = 0;   // write that no sync has begun for
    base::Micros syncing = 0;  // the same, of the sync that runs
    bool failed = false;
  };

  int begin(File& file, base::Micros) {
    if (file.failed) ++synced_after_failure_;
    file.syncing = std::exchange(file.oldest, 0);
    if (to_fail_ == 0) return 0;
    --to_fail_;
    ++failed_;
    file.failed = true;
    return EIO;
  }
  template <class T>
  T locked(const T& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  int to_fail_ = 0, synced_ = 0, failed_ = 0, synced_after_failure_ = 0;
  base::Micros oldest_ = 0;
};

struct Watched : unit::StateFolder {
  Syncs syncs;
  unit::Watch watch{[this](const SystemCall& call) { return syncs(call); }};
};

std::set<std::uint64_t> found_in(const std::filesystem::path& directory) {
  const auto found = read_journal(directory).numbers;
  return {found.begin(), found.end()};
}

std::set<std::uint64_t> set_of(std::uint64_t from, std::uint64_t to) {
  const auto all = numbers(from, to);
  return {all.begin(), all.end()};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal_sync, Watched)

BOOST_AUTO_TEST_CASE(with_power_each_settle_syncs_once_and_in_this_thread) {
  Journal own(path, "go", Durability::power);
  BOOST_TEST(own.waits_for_disk());
  for (int round = 1; round <= 5; ++round) {
    append(own, 0, 3);
    BOOST_TEST(syncs.synced() == round - 1);
    own.settle();
    BOOST_TEST(syncs.synced() == round);
    own.settle();
    BOOST_TEST(syncs.synced() == round);
  }
}

BOOST_AUTO_TEST_CASE(the_other_mode_syncs_by_itself_in_time_and_seldom) {
  Journal own(path, "go", Durability::process);
  const base::Micros start = base::monotonic_micros();
  std::uint64_t n = 0;
  while (base::monotonic_micros() - start < 500'000) {
    append(own, n, n + 1);
    ++n;
    own.settle();
    ::usleep(200);
  }
  const auto count = syncs.synced();
  own.close();
  std::cout << "journal: " << count << " syncs in 500 ms, the oldest record was " << syncs.oldest() / 1000
            << " ms old\n";
  BOOST_TEST(count >= 5);
  BOOST_TEST(count <= 14);
  BOOST_TEST(syncs.oldest() < 500'000);  // 50 ms, but for what else this machine is doing
  BOOST_TEST(found_in(journal) == set_of(0, n));
}

BOOST_AUTO_TEST_CASE(a_failed_sync_gives_its_file_up_and_its_records_a_new_one) {
  for (const int failures : {1, 2, 3, 5}) {
    const unit::StateFolder folder;
    Journal own(folder.path, "go", Durability::power);
    append(own, 0, 10);
    own.settle();
    append(own, 10, 20);
    syncs.fail_next(failures);
    const int before = syncs.failed();
    own.settle();
    append(own, 20, 30);
    own.close();
    BOOST_TEST(syncs.failed() - before == failures);
    BOOST_TEST(syncs.synced_after_failure() == 0);
    BOOST_TEST(own.state().sync_errors == static_cast<std::uint64_t>(failures));
    BOOST_TEST(own.state().appended == 30U);
    BOOST_TEST(own.state().lost == 0U);
    const auto files = clicks::find_segments(folder.journal);
    BOOST_TEST(files.size() == static_cast<std::size_t>(failures) + 1);
    const auto last = clicks::SegmentReader(files.back()).read(0, 1000).records;
    std::set<std::uint64_t> in_last;
    for (const auto& record : last) in_last.insert(record.visitor);
    BOOST_TEST(in_last == set_of(10, 30));  // all that was in doubt, and nothing that was not
    BOOST_TEST(found_in(folder.journal) == set_of(0, 30));
  }
}

BOOST_AUTO_TEST_CASE(what_is_appended_during_a_sync_that_fails_is_written_again_too) {
  std::atomic<bool> failing = false, appended = false;
  const unit::Watch watch_it([&](const SystemCall& call) {
    if (call.name != "fdatasync" || call.done || failing.exchange(true)) return 0;
    while (!appended) ::usleep(100);
    return EIO;
  });
  Journal own(path, "go", Durability::process);
  append(own, 0, 1);
  while (!failing) ::usleep(100);
  append(own, 1, 10);
  appended = true;
  own.close();
  const auto files = clicks::find_segments(journal);
  BOOST_TEST(files.size() == 2U);
  BOOST_TEST(clicks::SegmentReader(files.back()).read(0, 1000).records.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_synced_is_a_failed_sync) {
  Journal own(path, "go", Durability::power);
  append(own, 0, 3);
  int left = 1;
  const unit::Watch failing([&](const SystemCall& call) { return call.name == "fsync" && left-- > 0 ? EIO : 0; });
  own.settle();
  BOOST_TEST(own.state().sync_errors == 1U);
  BOOST_TEST(clicks::find_segments(journal).size() == 2U);
  BOOST_TEST(found_in(journal) == set_of(0, 3));
}

BOOST_AUTO_TEST_CASE(what_could_be_synced_and_then_not_be_written_waits) {
  Journal own(path, "go", Durability::power);
  append(own, 0, 10);
  {
    const unit::Watch failing([](const SystemCall& call) {
      return call.name == "fdatasync" ? EIO : call.name == "pwrite" ? ENOSPC : 0;
    });
    own.settle();
    append(own, 10, 20);
    BOOST_TEST(own.state().held == 10U);
  }
  own.tick();
  BOOST_TEST(own.state().held == 0U);
  own.close();
  const auto last = clicks::SegmentReader(clicks::find_segments(journal).back()).read(0, 1000).records;
  BOOST_TEST(last.size() == 20U);
  BOOST_TEST(last.front().visitor == 0U);  // in order
  BOOST_TEST(last.back().visitor == 19U);
}

// No sync ends, and every file takes five records only: neither memory nor descriptors may grow without bound.
BOOST_AUTO_TEST_CASE(a_stalled_disk_does_not_stop_appends_and_keeps_few_files_open) {
  std::mutex stall;
  std::atomic<int> stalled = 0;
  const unit::Watch stalling([&](const SystemCall& call) {
    if (call.name == "pwrite" && call.offset > 5 * 128) return EIO;
    if (call.name != "fdatasync" || call.done) return 0;
    ++stalled;
    const std::lock_guard wait(stall);
    return 0;
  });
  Journal own(path, "go", Durability::process);
  std::unique_lock hold(stall);
  append(own, 0, 1);
  while (stalled == 0) ::usleep(100);
  append(own, 1, 100);
  BOOST_TEST(clicks::find_segments(journal).size() == 9U);  // eight retired and the current one
  BOOST_TEST(own.state().appended == 45U);
  BOOST_TEST(own.state().held == 55U);
  hold.unlock();
  while (own.state().held > 0) own.tick();
  BOOST_TEST(found_in(journal) == set_of(0, 100));
  BOOST_TEST(read_journal(journal).numbers == numbers(0, 100));
}

BOOST_AUTO_TEST_SUITE_END()
