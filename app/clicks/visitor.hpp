// What a click says of its visitor without saying who it was.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/clicks/link_map.hpp"
#include "app/clicks/record.hpp"
#include "db/model.hpp"

namespace clicks {

// Never 0. The same visitor (address, of IPv6 the /64; browser) of the same account has the same value as long as the
// salt is kept: one day. Without the salt it cannot be computed again from an address.
std::uint64_t visitor_hash(const Salt& salt, std::string_view address, std::string_view user_agent,
                           const db::Uuid& account_id);

// Who `address` may be one of: an IPv4 address (also one mapped into IPv6), the /64 of an IPv6 address, or the text
// itself if it is no address. A few bytes, the same for all that are one.
std::string network_of(std::string_view address);

struct Agent {
  Kind kind = Kind::human;
  Device device = Device::other;
};
// By the words of bots.hpp; an empty user agent is a bot's. What lies beyond its first kMaxUserAgent bytes says
// nothing.
inline constexpr std::size_t kMaxUserAgent = 1024;
Agent classify_agent(std::string_view user_agent);

// The same, remembered for the user agents that came last: most visits bring one of few. Keyed with a number of its
// own, so that nobody can choose a user agent that is taken for another.
class AgentMemo {
 public:
  AgentMemo();
  Agent classify(std::string_view user_agent);

 private:
  static constexpr std::size_t kEntries = 1024;  // each 16 bytes
  struct Entry {
    std::uint64_t hash = 0;
    Agent agent;
    bool used = false;
  };

  Salt key_{};
  std::vector<Entry> entries_;
};

}  // namespace clicks
