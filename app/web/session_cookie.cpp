#include "app/web/session_cookie.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace web {
namespace {

constexpr std::string_view kName = "__Host-ql_session=";
constexpr std::string_view kAttributes = "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=";

}  // namespace

std::optional<std::string_view> session_cookie(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    const auto pair = base::trim(cookies.substr(0, end));
    if (pair.starts_with(kName)) return pair.substr(kName.size());
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
  }
  return std::nullopt;
}

std::string keep_session_cookie(std::string_view token, std::int64_t seconds) {
  return std::string(kName).append(token).append(kAttributes).append(std::to_string(seconds));
}

std::string clear_session_cookie() {
  return keep_session_cookie("", 0);
}

}  // namespace web
