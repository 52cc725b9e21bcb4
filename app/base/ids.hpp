// UUIDs as text and bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/model.hpp"

namespace base {

std::string format_uuid(const db::Uuid& id);                // 36 characters, lower case
std::optional<db::Uuid> parse_uuid(std::string_view text);  // exactly the 8-4-4-4-12 form, either case
db::Uuid random_uuid();                                     // version 4
bool valid_request_id(std::string_view text);               // [A-Za-z0-9._-]{1,128}

}  // namespace base
