// Whose turn it is to ask a host: what all monitors are polite by, together. See migration 0008.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace db {

class Session;

struct HostLimits {
  int at_once = 2;
  int gap_ms = 1000;   // between the starts of two requests
  int lasting_s = 30;  // a turn that nobody gives back ends then
};

struct HostWish {
  std::string host;
  int count = 0;
};

struct HostGrant {
  std::string host;
  int count = 0;     // may be none
  int again_ms = 0;  // before that, asking is of no use
};

struct HostReturn {
  std::string host;
  int count = 0;              // may be none
  std::int64_t block_ms = 0;  // the host wants to be left alone for so long
};

class HostTurns {
 public:
  explicit HostTurns(Session& session) : session_(session) {}

  std::vector<HostGrant> take(std::span<const HostWish> wishes, const HostLimits& limits);  // each host once
  void give_back(std::span<const HostReturn> turns);                                        // likewise
  int forget_old(int most);                                                                 // hosts not asked for a day

 private:
  Session& session_;
};

}  // namespace db
