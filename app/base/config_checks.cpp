#include "app/base/config_checks.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace base {
namespace {

bool host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
}

bool is_port(std::string_view text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  const auto port = digits ? parse_int(text) : std::nullopt;
  return port && *port >= 1 && *port <= 65535;
}

}  // namespace

// "https://HOST" or "https://HOST:PORT", where HOST may be an IPv6 address in brackets.
bool is_origin(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return false;
  std::string_view host = url.substr(kScheme.size());
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    if (!is_port(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']'))
    return host.size() > 2 && host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
  return !host.empty() && std::all_of(host.begin(), host.end(), host_character);
}

bool is_connection_string(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://") ||
         text.find('=') != std::string_view::npos;
}

// sockaddr_un holds 107 bytes, and the longest name in there is passwords.sock.
bool is_socket_folder(std::string_view path) {
  return path.starts_with('/') && path.size() <= 90;
}

bool is_absolute(std::string_view path) {
  return path.starts_with('/');
}

bool is_absolute_or_empty(std::string_view path) {
  return path.empty() || is_absolute(path);
}

bool is_program(std::string_view text) {
  return !text.empty() && (is_absolute(text) || text.find('/') == std::string_view::npos);
}

bool is_connection_string_or_empty(std::string_view text) {
  return text.empty() || is_connection_string(text);
}

// As migration 0001 has it; whether there is such a plan only the database knows.
bool is_plan_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= 32 && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_durability(std::string_view text) {
  return text == "process" || text == "power";
}

bool is_header_value(std::string_view text) {
  return text.size() <= 400 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_list_of_ports(std::string_view text) {
  const auto ports = split_words(text);
  return std::all_of(ports.begin(), ports.end(), is_port);
}

}  // namespace base
