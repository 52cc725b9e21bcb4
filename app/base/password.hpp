// Passwords: argon2id as libsodium has it, at its interactive cost: 64 MiB and some 50 ms for each. Who calls it bounds
// how many are under way at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

inline constexpr std::size_t kLeastPasswordLength = 10;  // in characters
inline constexpr std::size_t kMostPasswordLength = 200;

// What is wrong with it as a new password: "has fewer than 10 characters"; nullopt: nothing.
std::optional<std::string> password_fault(std::string_view password);

// In libsodium's text form, with the salt and the cost in it. Throws std::bad_alloc where there is no memory for it.
std::string hash_password(std::string_view password);

// The same work whether it is right or not. No hash (nobody by that name, or one without a password): false, after the
// work that a hash would have cost. Throws std::bad_alloc.
bool verify_password(const std::optional<std::string>& hash, std::string_view password);

}  // namespace base
