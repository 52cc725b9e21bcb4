// The form of an API key: "ql_", 30 base62 characters (178 bits), 6 base62 characters of the CRC32 of those 30.
// The checksum lets a mistyped or junk key be refused without a look at the database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/model.hpp"

namespace base {

inline constexpr std::size_t kApiKeyLength = 39;

std::string generate_api_key();
bool well_formed_api_key(std::string_view key);   // length, alphabet and checksum
db::Digest api_key_digest(std::string_view key);  // what the database stores
std::string last_four(std::string_view key);      // what people are shown

// For logs and error messages: whatever looks like a key ("ql_" and at least 36 letters and digits) becomes "ql_…" and
// its last four characters.
std::string mask_api_keys(std::string_view text);

}  // namespace base
