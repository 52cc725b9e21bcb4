// What a click says of its visitor without saying who it was.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/clicks/link_map.hpp"
#include "app/clicks/record.hpp"
#include "db/model.hpp"

namespace clicks {

// Never 0. The same visitor (address, of IPv6 the /64; browser) of the same account has the same value as long as the
// salt is kept: one day. Without the salt it cannot be computed again from an address.
std::uint64_t visitor_hash(const Salt& salt, std::string_view address, std::string_view user_agent,
                           const db::Uuid& account_id);

struct Agent {
  Kind kind = Kind::human;
  Device device = Device::other;
};
// By the words of bots.hpp; an empty user agent is a bot's.
Agent classify_agent(std::string_view user_agent);

}  // namespace clicks
