// How many long requests (imports, exports) are at work at once. A place is a lock of the connection's session: it is
// gone with the process that holds it, however that ends.
#pragma once

#include <span>
#include <string>

namespace db {

class Session;

// A group of places of which one is needed.
struct PlaceGroup {
  std::string name;  // the same for all who share it
  int places = 1;
};

class Transfers {
 public:
  explicit Transfers(Session& session) : session_(session) {}

  // Takes a place in each group. False: one of them is full, and nothing is held. One transfer of a session at a time.
  bool begin(std::span<const PlaceGroup> groups);
  void end();

 private:
  Session& session_;
};

}  // namespace db
