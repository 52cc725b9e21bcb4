// Names that people give to accounts, keys and themselves. Others read them in tables and type them back: two names
// that differ must look different, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

constexpr std::size_t kMaxName = 200;  // characters
constexpr std::size_t kMaxEmail = 254;

// What is wrong with the name ("is empty"); nothing if it is well.
std::optional<std::string> name_fault(std::string_view name);

// As above; and a name in the form of an id is refused: wherever an account is named, its id will do as well.
std::optional<std::string> account_name_fault(std::string_view name);

// An address to sign in with: something, an @, something. Whether mail arrives there only mail can tell.
std::optional<std::string> email_fault(std::string_view email);

}  // namespace base
