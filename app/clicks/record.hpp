// One click as the journal holds it: 128 bytes, in this machine's byte order, each with a checksum of its own, so that
// a reader can tell a record that was written whole from anything else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "db/model.hpp"

namespace clicks {

enum class Kind : std::uint8_t { human, bot };
enum class Device : std::uint8_t { other, desktop, mobile, tablet };  // as the database's click_device

inline constexpr std::size_t kMaxReferrerHost = 52;  // bytes; of a longer host its end is kept

struct Record {
  db::Uuid id{};  // the request's: the idempotency key, the same when nginx sends a request again
  db::Uuid account_id{};
  db::Uuid link_id{};
  std::int64_t time_us = 0;   // unix microseconds, by nginx, hence the same when sent again
  std::uint64_t visitor = 0;  // visitor_hash(); 0: not known
  Kind kind = Kind::human;
  Device device = Device::other;
  std::uint8_t referrer_host_length = 0;
  std::uint8_t version = 1;                                  // of this layout
  std::array<char, 2> country{};                             // ISO 3166-1 alpha-2, or NULs
  std::array<char, 2> reserved{};                            // NULs
  std::array<char, kMaxReferrerHost> referrer_host_bytes{};  // lower case ASCII, padded with NULs
  std::uint32_t checksum = 0;                                // CRC32C of all before it

  std::string_view referrer_host() const { return {referrer_host_bytes.data(), referrer_host_length}; }
  void set_referrer_host(std::string_view host);  // lower-cases; keeps the end; none if it holds anything unprintable

  void seal();         // sets the checksum
  bool valid() const;  // checksum, version and every enumerator
};
static_assert(sizeof(Record) == 128);

std::uint32_t crc32c(const void* data, std::size_t size);  // Castagnoli, RFC 3720

}  // namespace clicks
