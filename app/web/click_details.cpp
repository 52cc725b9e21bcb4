#include "app/web/click_details.hpp"

#include <chrono>
#include <optional>

#include "app/base/crypto.hpp"
#include "app/base/text.hpp"

namespace web {
namespace {

constexpr std::int64_t kFirst = 1'577'836'800;  // 2020-01-01
constexpr std::int64_t kLast = 7'258'118'400;   // 2200-01-01
constexpr std::size_t kDecimals = 3;

std::optional<db::Uuid> parse_id(std::string_view digits) {
  db::Uuid id{};
  if (digits.size() != 2 * id.size()) return std::nullopt;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const int high = base::hex_value(digits[2 * i]);
    const int low = base::hex_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits, a point, three digits.
std::optional<std::int64_t> parse_micros(std::string_view text) {
  if (text.size() < kDecimals + 2 || text.size() > 10 + 1 + kDecimals || text[text.size() - kDecimals - 1] != '.')
    return std::nullopt;
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == text.size() - kDecimals - 1) continue;
    if (!digit(text[i])) return std::nullopt;
    milliseconds = milliseconds * 10 + (text[i] - '0');
  }
  if (milliseconds < kFirst * 1000 || milliseconds >= kLast * 1000) return std::nullopt;
  return milliseconds * 1000;
}

std::int64_t now_micros() {
  using std::chrono::microseconds;
  return std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

db::Uuid click_id(std::string_view request_id) {
  if (const auto id = parse_id(request_id)) return *id;
  db::Uuid id{};
  base::random_bytes(id);
  return id;
}

std::int64_t click_time(std::string_view seconds) {
  if (const auto micros = parse_micros(seconds)) return *micros;
  return now_micros();
}

std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  const std::size_t bracket = host.find(']');  // of an IPv6 address
  const std::size_t port = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, port);
}

}  // namespace web
