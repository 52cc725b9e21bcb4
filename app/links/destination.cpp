#include "app/links/destination.hpp"

#include <algorithm>
#include <array>

#include "app/base/address.hpp"
#include "app/http/url.hpp"

namespace links {
namespace {

// Names that mean something in one network alone, or nothing at all (RFC 6761, 6762, 7686, 8375, 9476; .internal:
// ICANN). Names under .example are as good as any.
constexpr std::array<std::string_view, 10> kLocalNames = {"localhost", "local",   "localdomain", "internal", "lan",
                                                          "home.arpa", "invalid", "test",        "onion",    "alt"};

// https://fetch.spec.whatwg.org/#bad-port
constexpr std::array<int, 83> kBlockedPorts = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,   42,   43,
    53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,  117,  119,
    123,  135,  137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,  515,  526,  530,  531,
    532,  540,  548,  554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};

bool is_local_name(std::string_view host) {
  if (host.find('.') == std::string_view::npos) return true;
  return std::any_of(kLocalNames.begin(), kLocalNames.end(), [&](std::string_view name) {
    return host.ends_with(name) && host.substr(0, host.size() - name.size()).ends_with('.');
  });
}

std::optional<std::string> address_fault(const std::optional<base::Address>& address) {
  if (!address) return "has a host that is no address, although it ends in a number";
  if (base::public_address(*address)) return std::nullopt;
  return "leads to an address that is not on the public internet";
}

std::optional<std::string> host_fault(std::string_view host) {
  if (host.starts_with('[')) return address_fault(base::parse_address(host.substr(1, host.size() - 2)));
  if (base::ends_in_number(host)) return address_fault(base::parse_browser_ipv4(host));
  if (is_local_name(host)) return "leads to a host that is not on the public internet";
  return std::nullopt;
}

bool is_proxy_link(std::string_view url, const http::Origin& origin, std::string_view public_url) {
  if (public_url.empty() || !(http::origin_of(public_url) == origin)) return false;
  const auto path = url.find('/', url.find("://") + 3);
  return path != std::string_view::npos && url.substr(path).starts_with("/go/");
}

}  // namespace

std::optional<std::string> destination_fault(std::string_view url, std::string_view public_url) {
  const auto origin = http::origin_of(url);
  if (is_proxy_link(url, origin, public_url))
    return "is a proxy link of this installation, which would lead visitors in a circle";
  if (auto fault = host_fault(origin.host)) return fault;
  if (std::find(kBlockedPorts.begin(), kBlockedPorts.end(), origin.port) != kBlockedPorts.end())
    return "has a port that browsers refuse to open";
  return std::nullopt;
}

}  // namespace links
