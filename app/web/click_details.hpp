// What a click's record takes from its request's words.
#pragma once

#include <cstdint>
#include <string_view>

#include "db/model.hpp"

namespace web {

// nginx's $request_id, 32 hexadecimal digits, as bytes. A random one for anything else: such a request is not sent
// again.
db::Uuid click_id(std::string_view request_id);

// nginx's $msec, "1764000000.123", in unix microseconds. Now, if it is no time between 2020 and 2199.
std::int64_t click_time(std::string_view seconds);

// The host of an absolute URL, without user and port, as it stands there; empty: none.
std::string_view host_of(std::string_view url);

}  // namespace web
