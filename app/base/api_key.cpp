#include "app/base/api_key.hpp"

#include <algorithm>

#include "app/base/crypto.hpp"

namespace base {
namespace {

constexpr std::string_view kPrefix = "ql_";
constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kRandomLength = 30;
constexpr std::size_t kChecksumLength = 6;  // 62^6 > 2^32
static_assert(kPrefix.size() + kRandomLength + kChecksumLength == kApiKeyLength);

bool base62_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string checksum(std::string_view random_part) {
  std::uint32_t rest = crc32(random_part);
  std::string digits(kChecksumLength, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = kBase62[rest % kBase62.size()];
    rest /= static_cast<std::uint32_t>(kBase62.size());
  }
  return digits;
}

}  // namespace

std::string generate_api_key() {
  std::string random_part(kRandomLength, '0');
  for (char& digit : random_part) digit = kBase62[random_below(static_cast<std::uint32_t>(kBase62.size()))];
  return std::string(kPrefix) + random_part + checksum(random_part);
}

bool well_formed_api_key(std::string_view key) {
  if (key.size() != kApiKeyLength || !key.starts_with(kPrefix)) return false;
  const std::string_view random_part = key.substr(kPrefix.size(), kRandomLength);
  return std::all_of(random_part.begin(), random_part.end(), base62_digit) && key.ends_with(checksum(random_part));
}

db::Digest api_key_digest(std::string_view key) {
  return sha256(key);
}

std::string last_four(std::string_view key) {
  return std::string(key.substr(key.size() - std::min<std::size_t>(key.size(), 4)));
}

std::string mask_api_keys(std::string_view text) {
  constexpr std::size_t kSecretLength = kRandomLength + kChecksumLength;
  std::string masked;
  for (auto start = text.find(kPrefix); start != std::string_view::npos; start = text.find(kPrefix)) {
    const std::string_view rest = text.substr(start + kPrefix.size());
    const auto run = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), base62_digit) - rest.begin());
    masked.append(text.substr(0, start)).append(kPrefix);
    if (run >= kSecretLength) masked.append("\u2026").append(rest.substr(run - 4, 4));
    text = run >= kSecretLength ? rest.substr(run) : rest;
  }
  return masked.append(text);
}

}  // namespace base
