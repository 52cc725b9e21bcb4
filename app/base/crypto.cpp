#include "app/base/crypto.hpp"

#include <stdexcept>
#include <type_traits>

#include <sodium.h>
#include <zlib.h>

namespace base {
namespace {

void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium could not be initialised: no source of random numbers");
}

}  // namespace

db::Digest sha256(std::string_view data) {
  static_assert(std::tuple_size_v<db::Digest> == crypto_hash_sha256_BYTES);
  db::Digest digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(data.data()), data.size());
  return digest;
}

std::array<std::uint8_t, 16> fast_digest(std::string_view data) {
  std::array<std::uint8_t, 16> digest;
  static_assert(std::tuple_size_v<decltype(digest)> == crypto_generichash_BYTES_MIN);
  ensure_sodium();  // which picks the processor's best implementation
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                     nullptr, 0);
  return digest;
}

bool equal_constant_time(const db::Digest& a, const db::Digest& b) {
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void random_bytes(std::span<std::uint8_t> out) {
  ensure_sodium();
  randombytes_buf(out.data(), out.size());
}

std::uint32_t random_below(std::uint32_t bound) {
  ensure_sodium();
  return randombytes_uniform(bound);
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

std::uint64_t keyed_hash64(const std::array<std::uint8_t, 16>& key, std::string_view data) {
  static_assert(std::tuple_size_v<std::decay_t<decltype(key)>> == crypto_shorthash_KEYBYTES);
  static_assert(sizeof(std::uint64_t) == crypto_shorthash_BYTES);
  std::uint64_t hash = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), reinterpret_cast<const unsigned char*>(data.data()),
                   data.size(), key.data());
  return hash;
}

std::string base64(std::string_view data) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(data.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                    kVariant);
  text.pop_back();  // the NUL
  return text;
}

std::uint32_t crc32(std::string_view data) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size()));
}

}  // namespace base
