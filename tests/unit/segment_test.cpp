// A journal's segments: what a reader may believe, and when.
#include "app/clicks/segment.hpp"

#include <fstream>

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <utime.h>

#include "app/clicks/segment_writer.hpp"
#include "tests/unit/clicks_folder.hpp"

namespace {

using clicks::SegmentReader;
using clicks::SegmentWriter;
using unit::click;
using unit::numbers;
using unit::read_journal;
using unit::sealed_click;

struct Segment : unit::StateFolder {
  std::unique_ptr<SegmentWriter> writer = SegmentWriter::make(journal, "go");
  const std::filesystem::path file = writer->path();

  void append(std::uint64_t from, std::uint64_t to) {
    std::vector<clicks::Record> records;
    for (; from < to; ++from) records.push_back(sealed_click(from));
    const auto result = writer->append(records);
    BOOST_REQUIRE(result.records == records.size());
    BOOST_REQUIRE(result.error == 0);
  }
  void overwrite(std::int64_t offset, std::string_view bytes) const {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(offset);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    BOOST_REQUIRE(stream.flush().good());
  }
};

void make_old(const std::filesystem::path& path) {
  const struct utimbuf long_ago { 1'000'000, 1'000'000 };
  BOOST_REQUIRE(::utime(path.c_str(), &long_ago) == 0);
}

std::filesystem::path put_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(segment, Segment)

BOOST_AUTO_TEST_CASE(what_is_appended_is_read_at_once_and_in_parts) {
  append(0, 5);
  append(5, 3000);
  const SegmentReader reader(file);
  BOOST_TEST(reader.records() == 3000);
  BOOST_TEST(!reader.writer_gone());
  std::vector<std::uint64_t> found;
  std::int64_t from = 0;
  while (from < 3000) {
    const auto batch = reader.read(from, 700);
    BOOST_REQUIRE(batch.records.size() <= 700U);
    BOOST_REQUIRE(batch.next == from + static_cast<std::int64_t>(batch.records.size()));
    for (const auto& record : batch.records) found.push_back(record.visitor);
    from = batch.next;
  }
  BOOST_TEST(found == numbers(0, 3000));
  BOOST_TEST(reader.read(3000, 10).next == 3000);
  BOOST_TEST(reader.read(0, 0).records.empty());
}

BOOST_AUTO_TEST_CASE(files_and_folder_are_for_their_user_and_group) {
  struct stat status {};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0007) == 0U);
  BOOST_REQUIRE(::stat(journal.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0007) == 0U);
}

BOOST_AUTO_TEST_CASE(a_live_writers_torn_end_waits_until_it_is_whole_or_the_writer_gone) {
  append(0, 3);
  const auto torn = sealed_click(3);
  const std::string_view bytes(reinterpret_cast<const char*>(&torn), sizeof torn);
  for (const std::size_t size : {1, 64, 127}) {
    overwrite(4 * 128, bytes.substr(0, size));
    BOOST_TEST(SegmentReader(file).read(0, 10).next == 3);
  }
  overwrite(4 * 128, std::string(128, '\0'));  // a whole slot, not a record yet
  const SegmentReader reader(file);
  auto batch = reader.read(0, 10);
  BOOST_TEST(batch.next == 3);
  BOOST_TEST(batch.damaged == 0);
  append(3, 5);  // the writer goes on where its last whole record ends
  BOOST_TEST(reader.read(3, 10).records.size() == 2U);

  overwrite(6 * 128, std::string(128, '\0'));
  overwrite(7 * 128, std::string(128, '\xff'));
  overwrite(8 * 128, "the end of a file that was cut");
  BOOST_TEST(reader.read(0, 10).next == 5);
  writer.reset();
  batch = reader.read(0, 10);
  BOOST_TEST(batch.records.size() == 5U);
  BOOST_TEST(batch.next == 7);
  BOOST_TEST(batch.damaged == 2);
  BOOST_TEST(reader.records() == 7);
}

BOOST_AUTO_TEST_CASE(behind_damage_a_dead_writers_records_are_found) {
  append(0, 2100);
  overwrite(128 * 11, std::string(3 * 128, '\0'));
  const SegmentReader reader(file);
  writer.reset();
  const auto batch = reader.read(10, 5000);
  BOOST_TEST(batch.damaged == 3);
  BOOST_TEST(batch.next == 2100);
  BOOST_TEST(batch.records.size() == 2087U);
  BOOST_TEST(batch.records.front().visitor == 13U);
}

// What was written behind it proves that nobody is writing it any more.
BOOST_AUTO_TEST_CASE(behind_damage_a_live_writers_records_are_found_too) {
  append(0, 2000);
  overwrite(128 * (1 + 1500), std::string(128, '\0'));
  const SegmentReader reader(file);
  auto batch = reader.read(0, 5000);
  BOOST_TEST(batch.records.size() == 1999U);
  BOOST_TEST(batch.damaged == 1);
  BOOST_TEST(batch.next == 2000);
  overwrite(128 * (1 + 1999), std::string(128, '\0'));  // the last one may yet be written
  batch = reader.read(1900, 5000);
  BOOST_TEST(batch.next == 1999);
  BOOST_TEST(batch.damaged == 0);
}

BOOST_AUTO_TEST_CASE(what_is_counted_gives_its_blocks_back_and_the_rest_stays) {
  append(0, 4000);
  SegmentReader reader(file);
  const auto blocks = [&] {
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_blocks * 512;
  };
  BOOST_REQUIRE(writer->sync() == 0);  // so that blocks are taken
  const auto before = blocks();
  reader.give_back(3000);
  BOOST_TEST(before - blocks() >= 3000 * 128 - 2 * 4096);
  BOOST_TEST(reader.records() == 4000);
  const auto batch = SegmentReader(file).read(3000, 5000);
  BOOST_TEST(batch.records.size() == 1000U);
  BOOST_TEST(batch.records.front().visitor == sealed_click(3000).visitor);
  append(4000, 4001);
  reader.give_back(4001);
  BOOST_TEST(reader.read(4000, 10).next == 4001);
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_record_is_watched) {
  append(0, 3);
  writer.reset();
  for (std::size_t i = 0; i < sizeof(clicks::Record); ++i) {
    const auto record = sealed_click(1);
    const char right = reinterpret_cast<const char*>(&record)[i];
    const auto offset = static_cast<std::int64_t>(2 * 128 + i);
    overwrite(offset, std::string(1, static_cast<char>(right ^ 0x10)));
    const auto found = read_journal(journal);
    BOOST_REQUIRE((found.numbers == std::vector<std::uint64_t>{0, 2}));
    BOOST_REQUIRE(found.damaged == 1);
    overwrite(offset, std::string(1, right));
  }
  BOOST_TEST(read_journal(journal).numbers == numbers(0, 3));
}

BOOST_AUTO_TEST_CASE(every_byte_of_the_header_is_watched) {
  append(0, 1);
  std::string header(128, '\0');
  std::ifstream(file, std::ios::binary).read(header.data(), 128);
  for (std::size_t i = 0; i < header.size(); ++i) {
    overwrite(static_cast<std::int64_t>(i), std::string(1, static_cast<char>(header[i] ^ 0x01)));
    BOOST_CHECK_THROW(SegmentReader{file}, std::runtime_error);
    overwrite(static_cast<std::int64_t>(i), header.substr(i, 1));
  }
  BOOST_CHECK_NO_THROW(SegmentReader{file});
}

BOOST_AUTO_TEST_CASE(the_lock_is_its_writers_and_dies_with_it) {
  int pipe[2];
  BOOST_REQUIRE(::pipe(pipe) == 0);
  const unit::StateFolder other;
  const pid_t child = unit::start_child([&] {
    const auto own = SegmentWriter::make(other.journal, "go");
    const auto record = sealed_click(7);
    own->append({&record, 1});
    if (::write(pipe[1], "!", 1) != 1) ::_exit(1);
    ::pause();
  });
  char ready = 0;
  BOOST_REQUIRE(::read(pipe[0], &ready, 1) == 1);
  const auto files = clicks::find_segments(other.journal);
  BOOST_REQUIRE(files.size() == 1U);
  const SegmentReader reader(files.front());
  BOOST_TEST(!reader.writer_gone());
  BOOST_TEST(!reader.writer_gone());  // to ask does not change the answer
  BOOST_REQUIRE(::kill(child, SIGKILL) == 0);
  BOOST_TEST(unit::wait_for(child) == -SIGKILL);
  BOOST_TEST(reader.writer_gone());
  BOOST_TEST(read_journal(other.journal).numbers == numbers(7, 8));
  ::close(pipe[0]);
  ::close(pipe[1]);
}

BOOST_AUTO_TEST_CASE(a_dead_writers_leftover_is_removed_and_a_living_ones_is_not) {
  const auto dead = put_file(journal / "dead.new", "half a header");
  const auto young = put_file(journal / "young.new", "");
  const auto alive = put_file(journal / "alive.new", std::string(128, 'x'));
  make_old(dead);
  make_old(alive);
  const int fd = ::open(alive.c_str(), O_RDONLY | O_CLOEXEC);
  BOOST_REQUIRE(::flock(fd, LOCK_EX | LOCK_NB) == 0);
  BOOST_TEST(clicks::find_segments(journal).size() == 1U);
  BOOST_TEST(!std::filesystem::exists(dead));
  BOOST_TEST(std::filesystem::exists(young));
  BOOST_TEST(std::filesystem::exists(alive));
  ::close(fd);
}

BOOST_AUTO_TEST_CASE(what_is_no_segment_is_left_alone) {
  append(0, 2);
  const auto stump = put_file(journal / "stump.clicks", "a power cut left this");
  const auto zeros = put_file(journal / "zeros.clicks", std::string(1024, '\0'));
  const auto notes = put_file(journal / "notes.txt", "hands off");
  std::filesystem::create_directory(journal / "folder.clicks");
  std::filesystem::create_symlink(file, journal / "link.clicks");
  BOOST_REQUIRE(::mkfifo((journal / "pipe.clicks").c_str(), 0600) == 0);
  BOOST_TEST(read_journal(journal).numbers == numbers(0, 2));
  BOOST_TEST(!std::filesystem::exists(stump));
  BOOST_TEST(std::filesystem::exists(zeros));
  BOOST_TEST(std::filesystem::exists(notes));
}

BOOST_AUTO_TEST_CASE(segments_are_found_by_age) {
  std::vector<std::filesystem::path> made = {file};
  std::vector<std::unique_ptr<SegmentWriter>> writers;
  for (int i = 0; i < 20; ++i) {
    const auto before = SegmentReader(made.back()).made_at_us();
    do writers.push_back(SegmentWriter::make(journal, "go"));
    while (SegmentReader(writers.back()->path()).made_at_us() == before);
    made.push_back(writers.back()->path());
  }
  BOOST_TEST((clicks::find_segments(journal) == made));
}

BOOST_AUTO_TEST_CASE(a_segment_is_removed_once_and_a_missing_folder_is_said) {
  SegmentReader reader(file);
  reader.remove();
  reader.remove();
  BOOST_TEST(clicks::find_segments(journal).empty());
  BOOST_CHECK_THROW(clicks::find_segments(path + "/nowhere"), std::system_error);
  BOOST_CHECK_THROW(SegmentReader{file}, std::system_error);
}

BOOST_AUTO_TEST_CASE(a_reader_can_be_moved) {
  append(0, 1);
  SegmentReader first(file);
  SegmentReader second(std::move(first));
  const auto other = SegmentWriter::make(journal, "go");
  SegmentReader third(other->path());
  third = std::move(second);
  BOOST_TEST(third.read(0, 10).records.size() == 1U);
  BOOST_TEST((third.path() == file));
}

BOOST_AUTO_TEST_SUITE_END()
