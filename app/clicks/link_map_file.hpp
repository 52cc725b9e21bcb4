// One file of the link map: its layout, and LMDB behind it (with link_map.cpp and link_map_writer.cpp the home of
// lmdb.h). Keys are slugs; a value is account id, link id, destination. Keys that begin with '.', which no slug does,
// hold what belongs to the map as a whole.
//
// A process has a file open once at a time: LMDB's locks are the process's, and closing one of two drops both's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <lmdb.h>
#include <sys/types.h>

#include "app/clicks/link_map.hpp"
#include "db/model.hpp"

namespace clicks {

inline constexpr std::size_t kMaxSlugBytes = 64;
inline constexpr std::size_t kMaxUrlBytes = 2048;
inline constexpr std::size_t kMapValueHead = 2 * sizeof(db::Uuid);  // before the destination

// What LMDB or the file system said: one of LMDB's codes, or an errno.
class MapError : public std::runtime_error {
 public:
  MapError(const std::string& message, int code) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }
  bool damaged() const;  // the file is to blame, and only a new one helps

 private:
  int code_;
};
void require(int result, const char* task);  // throws MapError "could not TASK: …" unless 0

// STATE_DIR/links.map and the file that it names; nullopt: there is none.
std::string map_link(const std::string& state_dir);
std::optional<std::string> current_map(const std::string& state_dir);

// Which file it is, whatever its name.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileId&) const = default;
};
std::optional<FileId> file_at(const std::string& path);

inline MDB_val to_value(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};  // LMDB does not write to what it is given
}
inline std::string_view to_text(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

struct CloseEnvironment {
  void operator()(MDB_env* environment) const { mdb_env_close(environment); }
};
struct AbortTransaction {
  void operator()(MDB_txn* transaction) const { mdb_txn_abort(transaction); }
};
using Transaction = std::unique_ptr<MDB_txn, AbortTransaction>;

// The record of the map as a whole.
struct MapState {
  bool complete = false;  // has held all links at least once
  std::string synced_to;
};

class MapFile {
 public:
  enum class Use {
    read,   // an existing file
    write,  // an existing file; every commit is on the disk before it is seen
    build,  // a new file that nobody else sees; sync() before anybody does
  };
  // Throws MapError, also if the file is shorter than it says: reading behind its end would kill the process.
  MapFile(const std::string& path, Use use);

  MDB_env* environment() const { return environment_.get(); }
  MDB_dbi links() const { return links_; }
  const std::string& path() const { return path_; }
  FileId id() const;

  Transaction begin_reading() const;
  Transaction begin(std::size_t changes) const;  // of at most so many entries
  void commit(Transaction transaction) const;  // throws MapError: nothing has changed, but the file must be opened anew
  void sync() const;

  MapState state(MDB_txn* transaction) const;
  void put_state(MDB_txn* transaction, const MapState& state) const;
  std::int64_t count_links(MDB_txn* transaction) const;

 private:
  void open(std::size_t map_bytes);
  void fill_up(std::uint64_t more_pages) const;

  std::string path_;
  Use use_;
  std::unique_ptr<MDB_env, CloseEnvironment> environment_;
  MDB_dbi links_ = 0;
};

inline constexpr std::string_view kSaltPrefix = ".salt.";
std::string salt_key(db::DayNumber day);

}  // namespace clicks
