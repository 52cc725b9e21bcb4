// The cookie that a session is told by. Its name's prefix makes browsers refuse one that is not Secure, has a domain,
// or another path (RFC 6265bis, section 4.1.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace web {

// The value in a Cookie header, whatever its form; nullopt: there is no such cookie. Of several the first.
std::optional<std::string_view> session_cookie(std::string_view cookies);

// For Set-Cookie.
std::string keep_session_cookie(std::string_view token, std::int64_t seconds);
std::string clear_session_cookie();

}  // namespace web
