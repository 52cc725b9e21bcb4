// Grammar: RFC 3986, sections 3.1 and 3.2, narrowed.
#include "app/http/url.hpp"

#include <algorithm>
#include <cctype>

#include "app/base/text.hpp"

namespace http {
namespace {

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  return std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                    [](char a, char b) { return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b))); });
}

std::optional<std::string> character_fault(std::string_view url) {
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return "holds a control character";
    if (byte == ' ') return "holds a space (write %20)";
    if (byte > 0x7F) return "holds a character outside ASCII (percent-encode it; a host needs its xn-- form)";
    if (std::string_view("<>\"\\").find(c) != std::string_view::npos)
      return std::string("holds the character ") + c + " (percent-encode it)";
  }
  return std::nullopt;
}

bool valid_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

bool valid_host_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > 253) return false;
  for (;;) {
    const std::size_t dot = host.find('.');
    if (!valid_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

bool valid_ipv6_literal(std::string_view host) {
  if (host.size() < 4 || !host.starts_with('[') || !host.ends_with(']')) return false;
  host = host.substr(1, host.size() - 2);
  return host.find(':') != std::string_view::npos &&
         host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

bool valid_port(std::string_view port) {
  if (port.empty() || port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const auto number = base::parse_int(port);
  return number && *number >= 1 && *number <= 65535;
}

std::optional<std::string> authority_fault(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) return "holds a user name or password";
  std::string_view host = authority;
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    if (!valid_port(authority.substr(colon + 1))) return "has a bad port";
    host = authority.substr(0, colon);
  }
  if (host.empty()) return "has no host";
  if (!valid_host_name(host) && !valid_ipv6_literal(host)) return "has a bad host";
  return std::nullopt;
}

}  // namespace

Origin origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  Origin origin{.https = scheme == 5, .host = {}, .port = scheme == 5 ? 443 : 80};
  auto host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    origin.port = static_cast<int>(base::parse_int(host.substr(colon + 1)).value_or(0));
    host = host.substr(0, colon);
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  for (const char c : host) origin.host += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return origin;
}

std::optional<std::string> url_fault(std::string_view url) {
  if (url.empty()) return "is empty";
  if (url.size() > kMaxUrl) return "is longer than 2,048 characters";
  if (auto fault = character_fault(url)) return fault;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!starts_with_ignoring_case(url, scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    return authority_fault(rest.substr(0, rest.find_first_of("/?#")));
  }
  return "is not absolute: it must begin with https:// or http://";
}

}  // namespace http
