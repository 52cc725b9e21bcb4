#include "app/clicks/link_map_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clicks {
namespace {

constexpr unsigned kMaxReaders = 1024;  // all workers of two masters, and many that were killed
constexpr mdb_mode_t kMode = 0640;

// By how much a transaction can make the file longer, with room to spare.
constexpr std::uint64_t kPagesOfATransaction = 256, kPagesOfAChange = 8;
constexpr std::string_view kStateKey = ".map";
constexpr std::string_view kMagic = "QLLINKS1";

// Address space, not memory and not disk. A limit on address space (RLIMIT_AS) may allow less; LMDB takes at least what
// the file holds.
constexpr std::array<std::size_t, 5> kMapBytes = {std::size_t{64} << 30, std::size_t{16} << 30, std::size_t{4} << 30,
                                                  std::size_t{1} << 30, std::size_t{256} << 20};

class File {
 public:
  explicit File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, kMode)) {
    if (fd_ < 0) require(errno, "open the link map");
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return fd_; }
  std::uint64_t size() const {
    struct stat status {};
    require(::fstat(fd_, &status) == 0 ? 0 : errno, "look at the link map");
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  int fd_;
};

// The head of LMDB's format 1 on a 64-bit machine (mdb.c: MDB_page, MDB_meta).
struct MetaPage {
  std::uint64_t page_number;
  std::uint16_t padding, flags, lower, upper;
  std::uint32_t magic, version;
  std::uint64_t address, map_bytes;
  struct {
    std::uint32_t page_bytes;  // of the first one; the second's is unused
    std::uint16_t flags, depth;
    std::uint64_t branch_pages, leaf_pages, overflow_pages, entries, root;
  } trees[2];
  std::uint64_t last_page, transaction;
};
static_assert(sizeof(MetaPage) == 152);

std::optional<MetaPage> meta_page(const File& file, std::uint64_t position) {
  MetaPage page;
  if (::pread(file.get(), &page, sizeof page, static_cast<off_t>(position)) != static_cast<ssize_t>(sizeof page))
    return std::nullopt;
  const auto bytes = page.trees[0].page_bytes;
  const bool good = page.magic == 0xBEEFC0DE && page.version == 1 && bytes >= 256 && bytes <= 65536 &&
                    (bytes & (bytes - 1)) == 0 && page.last_page < (std::uint64_t{1} << 48);
  return good ? std::optional(page) : std::nullopt;
}

// Readers write their places into a mapping of the lock file, so on a full disk a hole in it would kill them with
// SIGBUS. LMDB takes a longer file than it needs as it is. To be called before it opens the file: closing drops its
// locks.
void reserve_places(const std::string& path) {
  constexpr off_t kBytes = off_t{kMaxReaders + 64} * 64;  // a cache line for each reader, some for the head
  const File file(path + "-lock", O_RDWR | O_CREAT);
  int result = 0;
  do result = ::fallocate(file.get(), 0, 0, kBytes);
  while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EOPNOTSUPP) require(errno, "reserve space for the link map's readers");
}

// A file that was cut off would kill its readers with SIGBUS, so it is looked at before it is mapped. What remains: a
// file that somebody shortens while it is mapped, and damage within its pages, of which LMDB keeps no checksums.
void require_whole(const std::string& path) {
  const File file(path, O_RDONLY);
  const auto first = meta_page(file, 0);
  const auto second = first ? meta_page(file, first->trees[0].page_bytes) : std::nullopt;
  if (!first || !second) throw MapError("the link map has no head of its format", MDB_INVALID);
  const std::uint64_t pages = std::max({std::uint64_t{1}, first->last_page, second->last_page}) + 1;
  if (file.size() < pages * first->trees[0].page_bytes) throw MapError("the link map is cut off", MDB_INVALID);
}

}  // namespace

bool MapError::damaged() const {
  static constexpr std::array<int, 6> kDamage = {MDB_INVALID,          MDB_CORRUPTED,    MDB_PAGE_NOTFOUND,
                                                 MDB_VERSION_MISMATCH, MDB_INCOMPATIBLE, MDB_CURSOR_FULL};
  return std::find(kDamage.begin(), kDamage.end(), code_) != kDamage.end();
}

void require(int result, const char* task) {
  if (result != 0) throw MapError(std::string("could not ") + task + ": " + mdb_strerror(result), result);
}

std::string map_link(const std::string& state_dir) {
  return state_dir + "/links.map";
}

std::optional<std::string> current_map(const std::string& state_dir) {
  std::array<char, PATH_MAX> name{};
  const auto size = ::readlink(map_link(state_dir).c_str(), name.data(), name.size());
  if (size <= 0) return std::nullopt;
  return state_dir + "/" + std::string(name.data(), static_cast<std::size_t>(size));
}

std::string salt_key(db::DayNumber day) {
  return std::string(kSaltPrefix) + std::to_string(day);
}

std::optional<FileId> file_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileId{status.st_dev, status.st_ino};
}

MapFile::MapFile(const std::string& path, Use use) : path_(path), use_(use) {
  if (use != Use::build) require_whole(path);
  reserve_places(path);
  for (const std::size_t bytes : kMapBytes) {
    try {
      open(bytes);
      break;
    } catch (const MapError& error) {
      if (error.code() != ENOMEM || bytes == kMapBytes.back()) throw;
    }
  }
}

void MapFile::open(std::size_t map_bytes) {
  MDB_env* made = nullptr;
  require(mdb_env_create(&made), "make an LMDB environment");
  environment_.reset(made);
  require(mdb_env_set_maxreaders(made, kMaxReaders), "set the number of readers");
  require(mdb_env_set_mapsize(made, map_bytes), "set the size of the link map");
  unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
  if (use_ == Use::read) flags |= MDB_RDONLY;
  if (use_ == Use::build) flags |= MDB_NOSYNC;
  require(mdb_env_open(made, path_.c_str(), flags, kMode), "open the link map");

  const Transaction transaction = begin_reading();
  require(mdb_dbi_open(transaction.get(), nullptr, 0, &links_), "read the link map");
}

FileId MapFile::id() const {
  int fd = -1;
  struct stat status {};
  require(mdb_env_get_fd(environment(), &fd), "look at the link map");
  require(::fstat(fd, &status) == 0 ? 0 : errno, "look at the link map");
  return {status.st_dev, status.st_ino};
}

// Killed readers keep their places in LMDB's table until somebody looks for them.
Transaction MapFile::begin_reading() const {
  MDB_txn* started = nullptr;
  int result = mdb_txn_begin(environment(), nullptr, MDB_RDONLY, &started);
  if (result == MDB_READERS_FULL) {
    int dead = 0;
    require(mdb_reader_check(environment(), &dead), "look for dead readers");
    result = mdb_txn_begin(environment(), nullptr, MDB_RDONLY, &started);
  }
  require(result, "read the link map");
  return Transaction(started);
}

Transaction MapFile::begin(std::size_t changes) const {
  if (use_ == Use::write) fill_up(kPagesOfATransaction + kPagesOfAChange * changes);
  MDB_txn* started = nullptr;
  require(mdb_txn_begin(environment(), nullptr, 0, &started), "begin a change of the link map");
  return Transaction(started);
}

void MapFile::commit(Transaction transaction) const {
  require(mdb_txn_commit(transaction.release()), "change the link map");
  fill_up(0);
}

void MapFile::sync() const {
  require(mdb_env_sync(environment(), 1), "sync the link map");
}

// LMDB does not write pages that were taken and given back within a transaction, so the file may end before the last
// page; require_whole() would take that for damage. So it is made longer before the transaction, with a hole: a death
// or a reader may come between the commit and whatever follows it.
void MapFile::fill_up(std::uint64_t more_pages) const {
  MDB_envinfo info{};
  MDB_stat stat{};
  require(mdb_env_info(environment(), &info), "look at the link map");
  require(mdb_env_stat(environment(), &stat), "look at the link map");
  const std::uint64_t bytes = (info.me_last_pgno + 1 + more_pages) * stat.ms_psize;
  const File file(path_, O_RDWR);
  if (file.size() < bytes)
    require(::ftruncate(file.get(), static_cast<off_t>(bytes)) == 0 ? 0 : errno, "fill up the link map");
}

MapState MapFile::state(MDB_txn* transaction) const {
  MDB_val key = to_value(kStateKey), value{};
  require(mdb_get(transaction, links_, &key, &value) == 0 ? 0 : MDB_INVALID, "read the state of the link map");
  const auto text = to_text(value);
  if (text.size() < kMagic.size() + 1 || !text.starts_with(kMagic))
    throw MapError("the link map is of another layout", MDB_VERSION_MISMATCH);
  return {.complete = text[kMagic.size()] == 'y', .synced_to = std::string(text.substr(kMagic.size() + 1))};
}

void MapFile::put_state(MDB_txn* transaction, const MapState& state) const {
  const std::string text = std::string(kMagic) + (state.complete ? 'y' : 'n') + state.synced_to;
  MDB_val key = to_value(kStateKey), value = to_value(text);
  require(mdb_put(transaction, links_, &key, &value, 0), "write the state of the link map");
}

std::int64_t MapFile::count_links(MDB_txn* transaction) const {
  MDB_stat stat{};
  require(mdb_stat(transaction, links_, &stat), "count the links of the map");
  MDB_cursor* opened = nullptr;
  require(mdb_cursor_open(transaction, links_, &opened), "count the links of the map");
  const std::unique_ptr<MDB_cursor, decltype(&mdb_cursor_close)> cursor(opened, &mdb_cursor_close);
  std::int64_t others = 0;
  MDB_val key = to_value("."), value{};
  int result = mdb_cursor_get(opened, &key, &value, MDB_SET_RANGE);
  for (; result == 0 && to_text(key).starts_with('.'); result = mdb_cursor_get(opened, &key, &value, MDB_NEXT))
    ++others;
  if (result != MDB_NOTFOUND) require(result, "count the links of the map");
  return static_cast<std::int64_t>(stat.ms_entries) - others;
}

}  // namespace clicks
