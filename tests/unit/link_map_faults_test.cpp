// The link map under kills, full disks and damaged files.
#include <atomic>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>

#include <sys/mman.h>
#include <sys/mount.h>

#include "app/base/clock.hpp"
#include "app/clicks/link_map.hpp"
#include "app/clicks/link_map_file.hpp"
#include "tests/unit/link_map_fixture.hpp"
#include "tests/unit/system_calls.hpp"

namespace {

using clicks::LinkMap;
using clicks::LinkMapWriter;
using unit::entries;
using unit::entry;
using unit::slug;
using unit::SystemCall;
using unit::url_of;

// What all its links go to; anything torn fails the test.
std::string version(LinkMap& map, int links) {
  const std::string first = url_of(map, slug(0));
  const std::string whole = first.empty() ? "" : first.substr(0, first.size() - slug(0).size());
  for (int n = 0; n < links; ++n) BOOST_REQUIRE(url_of(map, slug(n)) == (whole.empty() ? "" : whole + slug(n)));
  return whole;
}

// Comes and goes within one change: pages are taken at the file's end, given back and never written.
std::vector<clicks::MapEntry> passing(int links) {
  auto all = entries(links, std::string(1500, 'p'));
  for (auto& one : all) one.slug = "z" + one.slug;
  const auto count = all.size();
  for (std::size_t n = 0; n < count; ++n) all.push_back(entry(all[count - 1 - n].slug, ""));
  return all;
}

// A little of everything.
void work(LinkMapWriter& writer) {
  writer.apply(entries(300, "new"), "2");
  for (int links = 1; links < 60; links = 2 * links + 1) writer.apply(passing(links), "3");
  writer.keep_salts(200);
  writer.begin_rebuild();
  writer.add(entries(300, "newest"));
  writer.swap("4");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(link_map_faults, unit::MapFolder)

BOOST_AUTO_TEST_CASE(a_writer_killed_at_any_system_call_leaves_the_old_or_the_new_map) {
  int kills = 0, status = -SIGKILL;
  for (int at = 1; status == -SIGKILL; ++at) {
    const unit::MapFolder folder;
    BOOST_REQUIRE(folder.rebuild(entries(300, "old"), "1") == 0);
    status = folder.change([&](LinkMapWriter& writer) {
      int left = at;
      const unit::Watch watch([&](const SystemCall& call) {
        if (!call.done && --left == 0) ::kill(::getpid(), SIGKILL);
        return 0;
      });
      work(writer);
    });
    if (status == -SIGKILL) ++kills;
    {
      LinkMap map(folder.path);
      BOOST_REQUIRE(map.open(0));
      const std::string found = version(map, 300);
      BOOST_REQUIRE((found == "old" || found == "new" || found == "newest"));
      BOOST_REQUIRE(map.complete());
    }
    BOOST_REQUIRE(folder.change([](LinkMapWriter& writer) {
      if (writer.synced_to().empty()) ::_exit(1);  // taken for damaged
      writer.apply(entries(300, "next"), "9");
    }) == 0);
    LinkMap map(folder.path);
    BOOST_REQUIRE(map.open(0));
    BOOST_REQUIRE(version(map, 300) == "next");
    BOOST_REQUIRE(folder.map_files().size() == 1U);
  }
  std::cout << "link map: " << kills << " kills of the writer, each at another system call\n";
  BOOST_TEST(status == 0);
  BOOST_TEST(kills > 20);
}

BOOST_AUTO_TEST_CASE(a_reader_never_sees_half_a_change_while_writers_are_killed) {
  BOOST_REQUIRE(rebuild(entries(100, "0 ")) == 0);
  const auto generation = std::shared_ptr<std::atomic<std::uint64_t>>(
      static_cast<std::atomic<std::uint64_t>*>(
          ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
      [](std::atomic<std::uint64_t>* shared) { ::munmap(shared, 4096); });
  LinkMap map(path);
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    const pid_t child = unit::start_child([&] {
      LinkMapWriter writer(path);
      for (int n = 1;; ++n) {
        writer.apply(entries(100, std::to_string(n) + " "), "1");
        writer.begin_rebuild();
        writer.add(entries(100, std::to_string(++n) + " "));
        writer.swap("1");
        ++*generation;
      }
    });
    const base::Micros kill_at = base::monotonic_micros() + static_cast<base::Micros>(random() % 20'000);
    do {
      BOOST_REQUIRE(map.open(*generation));
      for (int n = 0; n < 100; ++n) BOOST_REQUIRE(map.find(slug(n)).has_value());
    } while (base::monotonic_micros() < kill_at);
    ::kill(child, SIGKILL);
    BOOST_REQUIRE(unit::wait_for(child) == -SIGKILL);
    BOOST_REQUIRE(map.open(++*generation));
    version(map, 100);
  }
}

BOOST_AUTO_TEST_CASE(killed_readers_fill_no_table) {
  BOOST_REQUIRE(rebuild(entries(10, "u")) == 0);
  LinkMap holds_the_table(path);  // else the next one to come begins with an empty one
  BOOST_REQUIRE(holds_the_table.open(0));
  BOOST_TEST(unit::in_child([&] {
               const clicks::MapFile raw(file(), clicks::MapFile::Use::read);
               std::vector<clicks::Transaction> places;
               try {
                 for (;;) places.push_back(raw.begin_reading());
               } catch (const clicks::MapError& error) {
                 if (error.code() != MDB_READERS_FULL || places.size() < 1000) ::_exit(1);
                 ::kill(::getpid(), SIGKILL);
               }
             }) == -SIGKILL);
  BOOST_TEST(unit::in_child([&] {
               LinkMap map(path);
               if (!map.open(0) || url_of(map, slug(3)) != "u" + slug(3)) ::_exit(1);
             }) == 0);
}

BOOST_AUTO_TEST_CASE(a_reader_killed_in_mid_lookup_does_not_make_the_file_grow_for_ever) {
  BOOST_REQUIRE(rebuild(entries(1000, "u")) == 0);
  const int status = change([&](LinkMapWriter& writer) {
    const int killed = unit::in_child([&] {
      const clicks::MapFile raw(file(), clicks::MapFile::Use::read);
      const auto reading = raw.begin_reading();
      ::kill(::getpid(), SIGKILL);
    });
    if (killed != -SIGKILL) ::_exit(1);
    const auto grown_by = [&](int changes) {
      const auto before = std::filesystem::file_size(file());
      for (int n = 0; n < changes; ++n) writer.apply(std::vector{entry(slug(n), std::to_string(n))}, "2");
      return std::filesystem::file_size(file()) - before;
    };
    if (grown_by(200) < 400'000) ::_exit(2);  // the dead one's snapshot is kept: what clear_readers() is for
    if (writer.clear_readers() != 1) ::_exit(3);
    grown_by(10);
    if (grown_by(500) > 100'000) ::_exit(4);
    if (writer.clear_readers() != 0) ::_exit(5);
  });
  BOOST_TEST(status == 0);
}

// In children: the crash of one would be its signal.
BOOST_AUTO_TEST_CASE(a_file_that_is_cut_off_anywhere_is_refused_or_right) {
  BOOST_REQUIRE(rebuild(entries(500, "https://x.example/")) == 0);
  const std::string name = file();
  std::string whole;
  {
    std::ifstream stream(name, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(stream), {});
  }
  int refused = 0;
  for (std::size_t size = 0; size <= whole.size(); size += size < 100'000 ? 2048 : 4096 * 64) {
    std::ofstream(name, std::ios::binary | std::ios::trunc).write(whole.data(), static_cast<std::streamsize>(size));
    const int status = unit::in_child([&] {
      LinkMap map(path);
      if (!map.open(0)) ::_exit(1);
      for (int n = 0; n < 500; ++n)
        if (url_of(map, slug(n)) != "https://x.example/" + slug(n)) ::_exit(2);
    });
    BOOST_REQUIRE((status == 0 || status == 1));
    refused += status;
  }
  BOOST_TEST(refused >= 10);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_lost_kills_nobody_and_makes_nothing_up) {
  BOOST_REQUIRE(rebuild(entries(500, "https://x.example/")) == 0);
  const std::string name = file();
  for (std::streamoff page = 0; page < 40; ++page) {
    std::filesystem::copy_file(name, path + "/copy");
    std::fstream stream(name, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(4096 * page);
    stream.write(std::string(4096, '\0').data(), 4096);
    stream.close();
    const int status = unit::in_child([&] {
      LinkMap map(path);
      map.open(0);
      for (int n = 0; n < 500; ++n) {
        const auto url = url_of(map, slug(n));
        if (!url.empty() && url != "https://x.example/" + slug(n)) ::_exit(1);
      }
    });
    BOOST_REQUIRE(status == 0);
    std::filesystem::rename(path + "/copy", name);
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_replaced_by_its_writer) {
  for (const std::string& content :
       {std::string(), std::string("no map"), std::string(100'000, '\0'), std::string(100'000, 'x')}) {
    const unit::MapFolder folder;
    BOOST_REQUIRE(folder.rebuild(entries(500, "u"), "5") == 0);
    std::ofstream(folder.file(), std::ios::binary | std::ios::trunc) << content;
    {
      LinkMap map(folder.path);
      BOOST_TEST(!map.open(0));
    }
    BOOST_TEST(folder.change([](LinkMapWriter& writer) {
      if (!writer.synced_to().empty() || writer.links() != 0) ::_exit(1);
      writer.apply(std::vector{entry("a", "u")}, "");
    }) == 0);
    LinkMap map(folder.path);
    BOOST_TEST(map.open(0));
    BOOST_TEST(!map.complete());
    BOOST_TEST(url_of(map, "a") == "u");
    BOOST_TEST(folder.map_files().size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_map_as_it_was) {
  const std::string disk = path + "/disk";
  std::filesystem::create_directory(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    std::cerr << "SKIPPED a_full_disk_leaves_the_map_as_it_was: cannot mount a tmpfs\n";
    return;
  }
  const std::shared_ptr<void> mounted(nullptr, [&](void*) { ::umount2(disk.c_str(), MNT_DETACH); });
  const auto apply_there = [&](const std::vector<clicks::MapEntry>& all) {
    return unit::in_child([&] { LinkMapWriter(disk).apply(all, "1"); });
  };
  BOOST_REQUIRE(apply_there(entries(100, "https://old.example/")) == 0);
  std::ofstream(disk + "/ballast") << std::string(600'000, 'x');
  LinkMap map(disk);
  BOOST_REQUIRE(map.open(0));
  BOOST_TEST(apply_there(entries(9000, "https://new.example/")) == 99);
  BOOST_TEST(unit::in_child([&] {
               LinkMapWriter writer(disk);
               writer.begin_rebuild();
               writer.add(entries(9000, "https://new.example/"));
               writer.swap("2");
             }) == 99);
  std::ofstream(disk + "/more ballast") << std::string(1'000'000, 'x');
  BOOST_TEST(unit::in_child([&] {
               LinkMap opened_late(disk);
               if (!opened_late.open(0) || url_of(opened_late, slug(99)) != "https://old.example/" + slug(99))
                 ::_exit(1);
             }) == 0);
  BOOST_TEST(map.open(1));
  BOOST_TEST(version(map, 100) == "https://old.example/");
  std::filesystem::remove(disk + "/ballast");
  std::filesystem::remove(disk + "/more ballast");
  BOOST_TEST(apply_there(entries(100, "https://new.example/")) == 0);
  BOOST_TEST(map.open(2));
  BOOST_TEST(version(map, 100) == "https://new.example/");
}

BOOST_AUTO_TEST_SUITE_END()
