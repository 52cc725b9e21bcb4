#include "app/base/token.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <sodium.h>

#include "app/base/crypto.hpp"

namespace base {
namespace {

constexpr std::size_t kBytes = 32;
constexpr std::size_t kLength = 43;
constexpr int kBase64url = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
static_assert(sodium_base64_ENCODED_LEN(kBytes, kBase64url) == kLength + 1);

bool base64url_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

}  // namespace

std::string generate_token() {
  std::array<std::uint8_t, kBytes> bytes;
  random_bytes(bytes);
  std::string token(kLength + 1, '\0');
  sodium_bin2base64(token.data(), token.size(), bytes.data(), bytes.size(), kBase64url);
  sodium_memzero(bytes.data(), bytes.size());
  token.resize(kLength);
  return token;
}

bool well_formed_token(std::string_view token) {
  return token.size() == kLength && std::all_of(token.begin(), token.end(), base64url_digit);
}

}  // namespace base
