#include "app/clicks/record.hpp"

#include <algorithm>

#include <isa-l/crc.h>

namespace clicks {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kSealedBytes = offsetof(Record, checksum);
constexpr std::uint32_t kAllOnes = 0xffffffffU;

bool printable(char c) {
  return c > ' ' && c <= '~';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

void Record::set_referrer_host(std::string_view host) {
  referrer_host_bytes = {};
  referrer_host_length = 0;
  if (!std::all_of(host.begin(), host.end(), printable)) return;
  host.remove_prefix(host.size() - std::min(host.size(), kMaxReferrerHost));
  std::transform(host.begin(), host.end(), referrer_host_bytes.begin(), lower);
  referrer_host_length = static_cast<std::uint8_t>(host.size());
}

void Record::seal() {
  checksum = crc32c(this, kSealedBytes);
}

bool Record::valid() const {
  return version == kVersion && kind <= Kind::bot && device <= Device::tablet &&
         referrer_host_length <= kMaxReferrerHost && checksum == crc32c(this, kSealedBytes);
}

// The library's function neither inverts at the end nor promises in its type that it only reads.
std::uint32_t crc32c(const void* data, std::size_t size) {
  auto* bytes = const_cast<unsigned char*>(static_cast<const unsigned char*>(data));
  return crc32_iscsi(bytes, static_cast<int>(size), kAllOnes) ^ kAllOnes;
}

}  // namespace clicks
