// The journal and the power: a run is recorded, then for a cut after each of its system calls every outcome that the
// file system may leave is made, and read. Of a file, each 128 bytes written but not synced may be there, be zeros, or
// be missing with the length that only they gave it; a name whose folder was not synced may be the first one, the last
// or none.
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/clicks/journal.hpp"
#include "tests/unit/clicks_folder.hpp"
#include "tests/unit/system_calls.hpp"

namespace {

using unit::SystemCall;

struct Write {
  std::size_t offset = 0;
  std::string bytes;
  bool synced = false;
};

struct File {
  std::vector<Write> writes;
  std::string name, first_name;
  bool named_on_disk = false;
};

using Disk = std::map<std::string, File>;  // by the part of the name that stays

struct Moment {
  Disk disk;
  std::uint64_t safe = 0;  // records that a settle() had promised
};

// Keeps what the disk may hold after every call.
class Recorder {
 public:
  std::vector<Moment> moments;

  int operator()(const SystemCall& call) {
    if (call.name == "fdatasync" && !call.done && --syncs_until_failure_ == 0) return EIO;
    if (call.done) note(call);
    return 0;
  }
  void promise(std::uint64_t records) {
    now_.safe = records;
    moments.push_back(now_);
  }
  void fail_sync_in(int count) { syncs_until_failure_ = count; }

 private:
  void note(const SystemCall& call) {
    const std::filesystem::path path = call.path;
    if (call.name == "fsync") {
      for (auto& [stem, file] : now_.disk)
        if (path.filename() == "journal") file.named_on_disk = true;
    } else {
      File& file = now_.disk[path.stem()];
      if (file.first_name.empty()) file.first_name = file.name = path.filename();
      if (call.name == "pwrite") add(file, call);
      if (call.name == "rename") {
        file.name = std::filesystem::path(call.new_path).filename();
        file.named_on_disk = false;
      }
      if (call.name == "fdatasync")
        for (auto& write : file.writes) write.synced = true;
    }
    moments.push_back(now_);
  }
  static void add(File& file, const SystemCall& call) {
    const std::string_view all(static_cast<const char*>(call.data), call.size);
    for (std::size_t at = 0; at < all.size(); at += 128)
      file.writes.push_back({static_cast<std::size_t>(call.offset) + at, std::string(all.substr(at, 128))});
  }

  Moment now_;
  int syncs_until_failure_ = 0;
};

enum class Outcome { there, zeros, missing };

std::string content(const File& file, const std::vector<Outcome>& outcomes) {
  std::string bytes;
  auto next = outcomes.begin();
  for (const Write& write : file.writes) {
    const Outcome outcome = write.synced ? Outcome::there : *next++;
    if (outcome == Outcome::missing) continue;
    bytes.resize(std::max(bytes.size(), write.offset + write.bytes.size()));
    if (outcome == Outcome::there) bytes.replace(write.offset, write.bytes.size(), write.bytes);
  }
  return bytes;
}

std::vector<std::string> contents(const File& file) {
  const auto unsynced =
      std::count_if(file.writes.begin(), file.writes.end(), [](auto& write) { return !write.synced; });
  std::set<std::string> all;
  std::vector<Outcome> outcomes(static_cast<std::size_t>(unsynced), Outcome::there);
  for (;;) {
    all.insert(content(file, outcomes));
    auto digit =
        std::find_if(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return outcome != Outcome::missing; });
    std::fill(outcomes.begin(), digit, Outcome::there);
    if (digit == outcomes.end()) return {all.begin(), all.end()};
    *digit = *digit == Outcome::there ? Outcome::zeros : Outcome::missing;
  }
}

std::set<std::string> names(const File& file) {
  if (file.named_on_disk) return {file.name};
  return {file.name, file.first_name, ""};
}

// Every outcome for one file while the others keep all: files do not depend on each other. Then all lose all they can.
std::size_t check(const Moment& moment, const std::filesystem::path& directory) {
  std::size_t outcomes = 0;
  const auto put = [&](const std::string& name, const std::string& bytes) {
    if (!name.empty()) std::ofstream(directory / name, std::ios::binary | std::ios::trunc) << bytes;
  };
  const auto look = [&] {
    const auto found = unit::read_journal(directory).numbers;  // fails at any record that is not what was appended
    const std::set<std::uint64_t> all(found.begin(), found.end());
    for (std::uint64_t n = 0; n < moment.safe; ++n) BOOST_REQUIRE(all.contains(n));
    ++outcomes;
  };
  const auto whole = [](const File& file) { return content(file, std::vector<Outcome>(file.writes.size())); };
  for (const auto& [stem, file] : moment.disk) {
    for (const auto& name : names(file))
      for (const auto& bytes : contents(file)) {
        for (const auto& entry : std::filesystem::directory_iterator(directory)) std::filesystem::remove(entry);
        for (const auto& [other_stem, other] : moment.disk)
          if (other_stem != stem) put(other.name, whole(other));
        put(name, bytes);
        look();
      }
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory)) std::filesystem::remove(entry);
  for (const auto& [stem, file] : moment.disk)
    if (file.named_on_disk) put(file.name, content(file, std::vector<Outcome>(file.writes.size(), Outcome::missing)));
  look();
  return outcomes;
}

std::vector<Moment> record_run(const std::string& state_dir) {
  Recorder recorder;
  const unit::Watch watch([&](const SystemCall& call) { return recorder(call); });
  clicks::Journal journal(state_dir, "go", clicks::Durability::power);
  std::uint64_t n = 0;
  for (const int failing : {0, 1, 0, 2, 0}) {
    recorder.fail_sync_in(failing);
    for (const int count : {1, 3, 4}) {
      for (int i = 0; i < count; ++i) journal.append(unit::click(n++));
      journal.settle();
      recorder.promise(n);
    }
  }
  BOOST_TEST(journal.state().sync_errors == 2U);
  return recorder.moments;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(no_outcome_of_a_cut_takes_a_promised_click_or_makes_one_up) {
  const unit::StateFolder run, after;
  const auto moments = record_run(run.path);
  std::filesystem::create_directory(after.journal);
  std::size_t outcomes = 0;
  for (const Moment& moment : moments) outcomes += check(moment, after.journal);
  std::cout << "journal: " << outcomes << " outcomes of " << moments.size() << " power cuts\n";
  BOOST_TEST(moments.back().safe == 40U);
  BOOST_TEST(outcomes > 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
