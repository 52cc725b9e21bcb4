// Grammar: RFC 3986, section 3, narrowed to what every browser takes (WHATWG URL, section 4.4) without mending it.
#include "app/links/destination.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "app/base/text.hpp"
#include "app/http/address.hpp"

namespace links {
namespace {

using Reason = std::optional<std::string>;

struct Parts {
  bool https = true;
  std::string_view authority;
  std::string_view host;  // with the brackets of an IPv6 address
  std::string_view port;  // digits, or nothing
  bool has_port = false;
  std::string_view path;
};

// --- where the parts are ------------------------------------------------------------------------------------------

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return result;
}

std::optional<Parts> split(std::string_view url) {
  Parts parts;
  const std::size_t slashes = url.find("://");
  if (slashes == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower(url.substr(0, slashes));
  if (scheme != "https" && scheme != "http") return std::nullopt;
  parts.https = scheme == "https";
  url.remove_prefix(slashes + 3);
  parts.authority = url.substr(0, url.find_first_of("/?#"));
  parts.path = url.substr(parts.authority.size());
  parts.path = parts.path.substr(0, parts.path.find_first_of("?#"));
  parts.host = parts.authority;
  const std::size_t colon = parts.host.rfind(':');
  const std::size_t bracket = parts.host.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    parts.has_port = true;
    parts.port = parts.host.substr(colon + 1);
    parts.host = parts.host.substr(0, colon);
  }
  return parts;
}

std::int64_t port_of(const Parts& parts) {
  if (!parts.has_port) return parts.https ? 443 : 80;
  return base::parse_int(parts.port).value_or(-1);
}

// Names that differ in nothing but case and a last dot are one host's.
std::string name_of(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return lower(host);
}

// --- characters ---------------------------------------------------------------------------------------------------

Reason character_fault(std::string_view url) {
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return "holds a control character, such as a line break: take it out";
    if (byte == ' ') return "holds a space: write %20, or take it out";
    if (byte > 0x7F)
      return "holds a character outside ASCII: percent-encode it as UTF-8 (ü is %C3%BC); in a host write the name's "
             "xn-- form";
    if (std::string_view("<>\"\\").find(c) == std::string_view::npos) continue;
    return std::string("holds the character ") + c + ": write %" + base::hex({&c, 1}) + " for it" +
           (c == '\\' ? ", or / if a slash was meant" : "");
  }
  return std::nullopt;
}

Reason scheme_fault(std::string_view url) {
  const std::string start = lower(url.substr(0, 16));
  if (start.starts_with("//")) return "is not absolute: write https: before the //";
  for (const std::string_view scheme : {"https:", "http:"})
    if (start.starts_with(scheme)) return "is not absolute: write two slashes behind " + std::string(scheme);
  return "is not absolute: it must begin with https:// or http://, as in https://shop.example/item";
}

// --- ports --------------------------------------------------------------------------------------------------------

// Those that browsers refuse to open. Source: WHATWG Fetch, section 2.9 ("bad port"). In ascending order.
constexpr std::array<int, 83> kBlockedPorts{
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,   42,   43,
    53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,  117,  119,
    123,  135,  137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,  515,  526,  530,  531,
    532,  540,  548,  554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
static_assert(std::is_sorted(kBlockedPorts.begin(), kBlockedPorts.end()) && kBlockedPorts.back() == 10080);

Reason port_fault(const Parts& parts) {
  if (!parts.has_port) return std::nullopt;
  const bool digits = !parts.port.empty() && parts.port.find_first_not_of("0123456789") == std::string_view::npos;
  const std::int64_t port = digits ? port_of(parts) : -1;
  if (port < 1 || port > 65535) return "has a bad port: behind the host's colon comes a number from 1 to 65535";
  if (std::binary_search(kBlockedPorts.begin(), kBlockedPorts.end(), static_cast<int>(port)))
    return "has port " + std::to_string(port) + ", which browsers do not open: use the web server's own port";
  return std::nullopt;
}

// --- hosts --------------------------------------------------------------------------------------------------------

// Names that lead to no public host, and names below them. Sources: IANA's Special-Use Domain Names (RFC 6761, 6762,
// 7686, 8375, 9476), ICANN's .internal, and what networks use inside (RFC 6762, appendix G). ".example" is not here:
// documentation, and ours, is full of links to it.
struct Reserved {
  std::string_view name;
  std::string_view use;
};
constexpr std::string_view kInside = "is known within one network only";
constexpr std::array<Reserved, 16> kReserved{{{"localhost", "is each visitor's own computer"},
                                              {"localdomain", kInside},
                                              {"local", kInside},
                                              {"internal", kInside},
                                              {"intranet", kInside},
                                              {"private", kInside},
                                              {"home.arpa", kInside},
                                              {"home", kInside},
                                              {"lan", kInside},
                                              {"corp", kInside},
                                              {"in-addr.arpa", "names no web server"},
                                              {"ip6.arpa", "names no web server"},
                                              {"test", "is for tests and leads nowhere"},
                                              {"invalid", "leads nowhere, on purpose"},
                                              {"alt", "is not a name of the internet"},
                                              {"onion", "opens in the Tor browser only"}}};

std::string quoted(std::string_view host) {
  return "\"" + base::shorten(host, 60) + "\"";
}

Reason reserved_fault(std::string_view name) {
  for (const Reserved& reserved : kReserved) {
    if (!name.ends_with(reserved.name)) continue;
    const std::string_view rest = name.substr(0, name.size() - reserved.name.size());
    if (rest.empty() || rest.ends_with('.'))
      return "leads to " + quoted(name) + ", but ." + std::string(reserved.name) + " " + std::string(reserved.use) +
             ": write a public host";
  }
  return std::nullopt;
}

Reason special_fault(std::string_view host, std::optional<std::string_view> use) {
  if (!use) return std::nullopt;
  return "leads to the address " + quoted(host) + ", which is set aside for " + std::string(*use) +
         ": write a public host, by its name";
}

bool label_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

Reason label_fault(std::string_view label) {
  if (label.empty()) return "two dots in a row, or one at its beginning";
  if (label.size() > 63) return "more than 63 characters between two dots";
  if (label.front() == '-' || label.back() == '-') return "a hyphen beside a dot or at an end";
  const auto odd = std::find_if_not(label.begin(), label.end(), label_character);
  if (odd == label.end()) return std::nullopt;
  return std::string("the character ") + *odd + (*odd == '%' ? " (write what it stands for)" : "");
}

Reason name_fault(const std::string& name) {
  if (name.size() > 253) return "has a bad host: it is longer than 253 characters";
  for (std::string_view rest = name;;) {
    const std::size_t dot = rest.find('.');
    if (const auto fault = label_fault(rest.substr(0, dot)))
      return "has a bad host: " + quoted(name) + " has " + *fault;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (auto fault = reserved_fault(name)) return fault;
  if (name.find('.') == std::string::npos)
    return "leads to " + quoted(name) + ", which is known within one network only: write the whole name, as in " +
           quoted(name.substr(0, 40) + ".com");
  return std::nullopt;
}

Reason host_fault(std::string_view host) {
  if (host.starts_with('[')) {
    const auto address = host.ends_with(']') ? http::parse_ipv6(host.substr(1, host.size() - 2)) : std::nullopt;
    if (!address) return "has a bad host: between [ and ] stands an IPv6 address, as in [2606:4700::1111]";
    return special_fault(host, http::special_use(*address));
  }
  const std::string name = name_of(host);
  if (name.empty()) return "has a bad host: it is a dot";
  if (!http::ends_in_number(host)) return name_fault(name);
  const auto address = http::parse_ipv4(host);
  if (!address) return "has a bad host: " + quoted(host) + " ends in a number, but is no IPv4 address";
  return special_fault(host, http::special_use(*address));
}

Reason authority_fault(const Parts& parts) {
  if (parts.authority.find('@') != std::string_view::npos)
    return "holds a user name or password, which browsers warn of: take out everything from behind // to the @";
  if (parts.host.empty()) return "has no host: write it behind https://, as in https://shop.example/";
  if (auto fault = host_fault(parts.host)) return fault;
  return port_fault(parts);
}

// --- ourselves ----------------------------------------------------------------------------------------------------

std::string decoded(std::string_view path) {
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape =
        path[i] == '%' && i + 2 < path.size() && base::hex_value(path[i + 1]) >= 0 && base::hex_value(path[i + 2]) >= 0;
    text += escape ? static_cast<char>(base::hex_value(path[i + 1]) * 16 + base::hex_value(path[i + 2])) : path[i];
    if (escape) i += 2;
  }
  return text;
}

// Whether our own web server would take the path for a proxy link: it decodes, merges slashes and walks the dots first.
bool leads_to_go(std::string_view path) {
  const std::string text = decoded(path);
  std::vector<std::string_view> steps;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view step = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(step.size() + 1, rest.size()));
    if (step.empty() || step == ".") continue;
    if (step != "..")
      steps.push_back(step);
    else if (!steps.empty())
      steps.pop_back();
  }
  return steps.size() > 1 && steps.front() == "go";
}

// Browsers bring an address, in whatever spelling, to one form before they connect.
bool same_host(std::string_view one, std::string_view own) {
  if (name_of(one) == name_of(own)) return true;
  if (own.starts_with('[') && one.starts_with('[')) {
    const auto inside = [](std::string_view host) { return http::parse_ipv6(host.substr(1, host.rfind(']') - 1)); };
    const auto address = inside(own);
    return address && inside(one) == address;
  }
  const auto address = http::parse_ipv4(own);
  return address && http::parse_ipv4(one) == address;
}

// The plain port sends visitors on to the other, so it is ours as well.
bool same_site(const Parts& one, const Parts& own) {
  if (!same_host(one.host, own.host)) return false;
  return port_of(one) == port_of(own) || (!one.https && port_of(one) == 80);
}

}  // namespace

std::optional<std::string> destination_fault(std::string_view url, std::string_view public_url) {
  if (url.empty()) return "is empty";
  if (url.size() > kMaxUrl) return "is longer than 2,048 characters: take out what the shop does not need";
  if (auto fault = character_fault(url)) return fault;
  const auto parts = split(url);
  if (!parts) return scheme_fault(url);
  const auto own = split(public_url);
  if (own && same_site(*parts, *own) && leads_to_go(parts->path))
    return "is a proxy link of this installation, which would lead visitors in a circle: write the shop's own address";
  return authority_fault(*parts);
}

std::string host_of(std::string_view url) {
  const auto parts = split(url);
  return parts ? name_of(parts->host) : std::string();
}

}  // namespace links
