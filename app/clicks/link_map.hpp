// Slug -> where its visitors go, in an LMDB file that every go worker maps and only the clicks process writes. The file
// STATE_DIR/links.map is a symbolic link to links-N.map, swapped when the map is built anew. A generation number in
// shared memory tells readers at once; they look by themselves too, for who swaps may die before he tells.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "db/model.hpp"

namespace clicks {

struct Target {
  db::Uuid account_id{};
  db::Uuid link_id{};
  std::string_view url;  // the destination, or its fallback while it is broken; valid until the next call of the map
};

using Salt = std::array<std::uint8_t, 16>;

// One worker's view. Open it after fork. A lookup takes no lock that a killed process could keep.
class LinkMap {
 public:
  explicit LinkMap(const std::string& state_dir);  // opens nothing yet
  ~LinkMap();

  // Before every lookup. Sees to it that the current file is open, if `generation` has changed or the last look was a
  // second ago; else it costs nothing. False: there is no usable map (never built, or damaged; said in the log once).
  bool open(std::uint64_t generation);

  std::optional<Target> find(std::string_view slug);  // nullopt: not in the map, or no map
  std::optional<Salt> salt(db::DayNumber day);        // of visitor hashes; nullopt: the clicks process never gave one
  bool complete() const;                              // a map is open, and it has held all links at least once

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace clicks
