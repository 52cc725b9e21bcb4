// Home of libsodium; app/base/password.* has its password hash.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "db/model.hpp"

namespace base {

db::Digest sha256(std::string_view data);
// A digest (BLAKE2b) of what is no secret and never stored: several times as fast as SHA-256 here.
std::array<std::uint8_t, 16> fast_digest(std::string_view data);
bool equal_constant_time(const db::Digest& a, const db::Digest& b);
void random_bytes(std::span<std::uint8_t> out);
std::uint32_t random_below(std::uint32_t bound);  // uniform in [0, bound)
void wipe(std::string& secret);                   // overwrites and empties it
// SipHash-2-4: who does not know the key can neither guess the hash nor choose what collides. For tables and marks, not
// for proofs: 64 bits.
std::uint64_t keyed_hash64(const std::array<std::uint8_t, 16>& key, std::string_view data);
std::string base64(std::string_view data);   // RFC 4648, section 4, with padding
std::uint32_t crc32(std::string_view data);  // IEEE 802.3 (zlib's)

}  // namespace base
