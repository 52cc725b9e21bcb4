// Random tokens that stand for a right: a session's cookie, a one-time link. 256 bits, so that a plain SHA-256 is all
// that has to be stored.
#pragma once

#include <string>
#include <string_view>

namespace base {

std::string generate_token();                    // 43 characters of base64url (RFC 4648, section 5), without padding
bool well_formed_token(std::string_view token);  // length and alphabet

}  // namespace base
