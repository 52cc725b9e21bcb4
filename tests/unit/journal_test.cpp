// The click journal: what is appended arrives, whatever fails.
#include "app/clicks/journal.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "app/base/clock.hpp"
#include "tests/unit/clicks_folder.hpp"
#include "tests/unit/system_calls.hpp"

namespace {

using clicks::Durability;
using clicks::Journal;
using unit::click;
using unit::numbers;
using unit::read_journal;
using unit::SystemCall;

struct Folder : unit::StateFolder {
  std::unique_ptr<Journal> open(Durability durability = Durability::process) const {
    return std::make_unique<Journal>(path, "go", durability);
  }
};

void append(Journal& journal, std::uint64_t from, std::uint64_t to) {
  for (; from < to; ++from) journal.append(click(from));
}

bool in_segment(const SystemCall& call) {
  return call.path.ends_with(".clicks");
}

// Waits until it is so; false: it did not become so in a time that only a hang takes.
template <class Condition>
bool comes_true(const Condition& condition) {
  const base::Micros give_up_at = base::monotonic_micros() + 20'000'000;
  while (!condition())
    if (base::monotonic_micros() > give_up_at)
      return false;
    else
      ::usleep(1000);
  return true;
}

std::vector<std::uint64_t> without_repetitions(std::vector<std::uint64_t> all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal, Folder)

BOOST_AUTO_TEST_CASE(what_is_appended_can_be_read_at_once) {
  const auto own = open();
  BOOST_TEST(!std::filesystem::exists(journal));  // most workers never see a click
  append(*own, 0, 1000);
  BOOST_TEST(read_journal(journal).numbers == numbers(0, 1000));
  BOOST_TEST(own->state().appended == 1000U);
  BOOST_TEST(own->state().write_errors == 0U);
  BOOST_TEST(!own->waits_for_disk());
}

BOOST_AUTO_TEST_CASE(a_kill_at_any_moment_loses_no_click_that_was_appended) {
  struct Shared {
    std::atomic<std::uint64_t> appended;
  };
  const auto region = std::shared_ptr<Shared>(
      static_cast<Shared*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
      [](Shared* shared) { ::munmap(shared, 4096); });
  for (int round = 0; round < 20; ++round) {
    const Folder folder;
    region->appended = 0;
    const pid_t child = unit::start_child([&] {
      const auto own = folder.open();
      for (std::uint64_t n = 0;; ++n) {
        own->append(click(n));
        region->appended = n + 1;
      }
    });
    const auto enough = static_cast<std::uint64_t>(1 + round * 500);
    BOOST_TEST(comes_true([&] { return region->appended >= enough; }));
    ::kill(child, SIGKILL);
    BOOST_REQUIRE(unit::wait_for(child) == -SIGKILL);
    const auto found = read_journal(folder.journal);
    const std::uint64_t appended = region->appended;
    BOOST_REQUIRE(found.damaged == 0);
    BOOST_REQUIRE(found.numbers.size() >= appended);
    BOOST_REQUIRE(found.numbers.size() <= appended + 1);
    BOOST_REQUIRE(found.numbers == numbers(0, found.numbers.size()));
  }
}

BOOST_AUTO_TEST_CASE(a_full_segment_is_followed_by_another) {
  const std::uint64_t count = 2 * Journal::kSegmentBytes / 128 + 10;
  auto own = open();
  append(*own, 0, count);
  BOOST_TEST(comes_true([&] { return clicks::SegmentReader(clicks::find_segments(journal).front()).writer_gone(); }));
  own.reset();
  const auto found = read_journal(journal);
  BOOST_TEST(found.segments == 3U);
  BOOST_TEST((found.numbers == numbers(0, count)));
  for (const auto& file : clicks::find_segments(journal)) {
    BOOST_TEST(std::filesystem::file_size(file) <= static_cast<std::uintmax_t>(Journal::kSegmentBytes));
    BOOST_TEST(clicks::SegmentReader(file).writer_gone());
  }
}

BOOST_AUTO_TEST_CASE(a_disk_that_takes_nothing_costs_no_click_and_no_order) {
  for (const int error : {ENOSPC, EDQUOT, EIO, EFBIG, EROFS}) {
    const Folder folder;
    auto own = folder.open();
    append(*own, 0, 10);
    {
      const unit::Watch watch([&](const SystemCall& call) { return call.name == "pwrite" ? error : 0; });
      append(*own, 10, 500);
      own->tick();
      BOOST_TEST(own->state().held == 490U);
      BOOST_TEST(own->state().write_errors > 0U);
      BOOST_TEST(read_journal(folder.journal).numbers == numbers(0, 10));
      BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.journal), {}) <= 2);
    }
    own->tick();
    BOOST_TEST(own->state().held == 0U);
    append(*own, 500, 510);
    BOOST_TEST(own->state().appended == 510U);
    BOOST_TEST(own->state().lost == 0U);
    BOOST_TEST(read_journal(folder.journal).numbers == numbers(0, 510));
  }
}

// The disk becomes full in the midst of a record; then there is space again.
BOOST_AUTO_TEST_CASE(a_torn_record_is_written_again_in_its_place) {
  const auto own = open();
  append(*own, 0, 5);
  {
    int call_number = 0;
    const unit::Watch watch([&](SystemCall& call) {
      if (call.name != "pwrite" || call.done) return 0;
      if (++call_number > 1) return ENOSPC;
      call.size = 50;
      return 0;
    });
    append(*own, 5, 10);
    BOOST_TEST(std::filesystem::file_size(clicks::find_segments(journal).front()) == 6 * 128 + 50U);
    BOOST_TEST(read_journal(journal).numbers == numbers(0, 5));
  }
  own->tick();
  const auto found = read_journal(journal);
  BOOST_TEST(found.numbers == numbers(0, 10));
  BOOST_TEST(found.segments == 1U);
}

// A file that takes no more, though others do: gone stale, or sick.
BOOST_AUTO_TEST_CASE(a_sick_file_is_left_for_a_new_one_even_if_it_never_took_a_record) {
  const auto own = open();
  std::set<std::string> sick;
  const unit::Watch watch([&](const SystemCall& call) {
    if (call.name != "pwrite" || !in_segment(call)) return 0;
    if (sick.size() < 2) sick.insert(call.path);
    return sick.contains(call.path) ? ESTALE : 0;
  });
  append(*own, 0, 1);
  own->tick();
  append(*own, 1, 10);
  own->tick();
  BOOST_TEST(sick.size() == 2U);
  const auto found = read_journal(journal);
  BOOST_TEST(found.numbers == numbers(0, 10));
  BOOST_TEST(found.segments == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_used_only_delays) {
  std::ofstream(journal) << "not a folder";
  auto own = open(Durability::power);
  append(*own, 0, 5);
  own->settle();
  BOOST_TEST(own->state().held == 5U);
  std::filesystem::remove(journal);
  own->tick();
  BOOST_TEST(own->state().held == 0U);
  BOOST_TEST(read_journal(journal).numbers == numbers(0, 5));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_and_what_is_beyond_is_counted) {
  auto own = open();
  const unit::Watch watch([](const SystemCall& call) { return call.name == "pwrite" ? ENOSPC : 0; });
  append(*own, 0, Journal::kHeldRecords + 100);
  BOOST_TEST(own->state().held == Journal::kHeldRecords);
  BOOST_TEST(own->state().lost == 100U);
  own->close();
  BOOST_TEST(own->state().held == 0U);
  BOOST_TEST(own->state().lost == Journal::kHeldRecords + 100);  // they end with the process
  BOOST_TEST(own->state().appended == 0U);
}

BOOST_AUTO_TEST_CASE(the_append_that_finds_space_again_is_not_lost_though_memory_was_full) {
  const auto own = open();
  {
    const unit::Watch watch([](const SystemCall& call) { return call.name == "pwrite" ? ENOSPC : 0; });
    append(*own, 0, Journal::kHeldRecords);
  }
  ::usleep(150'000);  // longer than a journal waits before an append tries again
  append(*own, Journal::kHeldRecords, Journal::kHeldRecords + 1);
  BOOST_TEST(own->state().held == 0U);
  BOOST_TEST(own->state().lost == 0U);
  BOOST_TEST((read_journal(journal).numbers == numbers(0, Journal::kHeldRecords + 1)));
}

BOOST_AUTO_TEST_CASE(the_end_writes_what_was_held) {
  auto own = open();
  {
    const unit::Watch watch([](const SystemCall& call) { return call.name == "pwrite" ? ENOSPC : 0; });
    append(*own, 0, 100);
  }
  own.reset();
  BOOST_TEST(read_journal(journal).numbers == numbers(0, 100));
}

BOOST_AUTO_TEST_CASE(a_full_file_system_gives_all_back_when_there_is_space) {
  std::filesystem::create_directory(path + "/disk");
  const std::string disk = path + "/disk";
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    BOOST_TEST_MESSAGE("skipped");
    std::cerr << "SKIPPED a_full_file_system_gives_all_back_when_there_is_space: cannot mount a tmpfs\n";
    return;
  }
  const std::shared_ptr<void> mounted(nullptr, [&](void*) { ::umount2(disk.c_str(), MNT_DETACH); });
  std::ofstream(disk + "/ballast") << std::string(600'000, 'x');
  Journal own(disk, "go", Durability::power);
  append(own, 0, 6000);  // 750 KiB into 400
  own.settle();
  BOOST_TEST(own.state().held > 1000U);
  BOOST_TEST(own.state().lost == 0U);
  const auto before = read_journal(disk + "/journal").numbers;
  BOOST_TEST((before == numbers(0, 6000 - own.state().held)));
  std::filesystem::remove(disk + "/ballast");
  own.tick();
  append(own, 6000, 6010);
  BOOST_TEST(own.state().held == 0U);
  BOOST_TEST((read_journal(disk + "/journal").numbers == numbers(0, 6010)));
}

BOOST_AUTO_TEST_CASE(a_limit_on_file_sizes_makes_more_files) {
  const int status = unit::in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);  // as the master does
    const struct rlimit limit { 128 * 10 + 50, RLIM_INFINITY };
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(1);
    const auto own = open();
    append(*own, 0, 100);
    while (own->state().held > 0) own->tick();
    if (own->state().appended != 100) ::_exit(2);
  });
  BOOST_TEST(status == 0);
  const auto found = read_journal(journal);
  BOOST_TEST(without_repetitions(found.numbers) == numbers(0, 100));
  BOOST_TEST(found.numbers.size() == 100U);
  BOOST_TEST(found.segments == 12U);
}

BOOST_AUTO_TEST_CASE(an_append_costs_little) {
  auto own = open();
  append(*own, 0, 1);
  constexpr std::uint64_t kCount = 50'000;
  const base::Micros start = base::monotonic_micros();
  append(*own, 1, kCount);
  std::cout << "journal: " << 1000 * (base::monotonic_micros() - start) / static_cast<base::Micros>(kCount)
            << " ns an append\n";
  BOOST_TEST(own->state().appended == kCount);
}

BOOST_AUTO_TEST_SUITE_END()
