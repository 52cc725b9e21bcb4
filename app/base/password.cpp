#include "app/base/password.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <sodium.h>

#include "app/base/text.hpp"

namespace base {
namespace {

constexpr auto kOperations = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr auto kMemory = crypto_pwhash_MEMLIMIT_INTERACTIVE;
constexpr std::size_t kMostHashed = 4096;  // bytes of what somebody types; no password of ours is as long

// Nobody's: no password has it, and to find that out costs as much as with anybody's.
constexpr const char* kNobodys =
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::optional<std::string> password_fault(std::string_view password) {
  if (!valid_utf8(password)) return "is not valid UTF-8";
  const auto length = characters(password);
  if (length < kLeastPasswordLength) return "has fewer than " + std::to_string(kLeastPasswordLength) + " characters";
  if (length > kMostPasswordLength) return "has more than " + std::to_string(kMostPasswordLength) + " characters";
  return std::nullopt;
}

std::string hash_password(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (sodium_init() < 0 || crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), kOperations, kMemory,
                                                 crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return hash.data();
}

bool verify_password(const std::optional<std::string>& hash, std::string_view password) {
  password = password.substr(0, kMostHashed);
  return crypto_pwhash_str_verify(hash ? hash->c_str() : kNobodys, password.data(), password.size()) == 0 && hash;
}

}  // namespace base
