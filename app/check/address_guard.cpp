#include "app/check/address_guard.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include "app/base/text.hpp"
#include "app/http/address.hpp"

namespace check {
namespace {

constexpr auto kRefreshOwn = std::chrono::seconds(30);

using Bytes = std::vector<std::uint8_t>;

const sockaddr_in& as_v4(const sockaddr& address) {
  return reinterpret_cast<const sockaddr_in&>(address);
}
const sockaddr_in6& as_v6(const sockaddr& address) {
  return reinterpret_cast<const sockaddr_in6&>(address);
}

// 4 or 16 bytes; empty: neither IPv4 nor IPv6.
Bytes bytes_of(const sockaddr& address) {
  const std::uint8_t* data = nullptr;
  if (address.sa_family == AF_INET) data = reinterpret_cast<const std::uint8_t*>(&as_v4(address).sin_addr);
  if (address.sa_family == AF_INET6) data = as_v6(address).sin6_addr.s6_addr;
  if (data == nullptr) return {};
  return {data, data + (address.sa_family == AF_INET ? 4 : 16)};
}

std::uint16_t port_of(const sockaddr& address) {
  return ntohs(address.sa_family == AF_INET ? as_v4(address).sin_port : as_v6(address).sin6_port);
}

std::optional<std::string_view> special_use(const Bytes& bytes) {
  if (bytes.size() == 4) {
    http::Ipv4 address = 0;
    for (const auto byte : bytes) address = address << 8 | byte;
    return http::special_use(address);
  }
  http::Ipv6 address{};
  std::copy(bytes.begin(), bytes.end(), address.begin());
  return http::special_use(address);
}

Bytes parse_address(std::string_view text) {
  if (const auto v6 = http::parse_ipv6(text)) return {v6->begin(), v6->end()};
  in_addr v4{};
  if (inet_pton(AF_INET, std::string(text).c_str(), &v4) != 1) return {};
  const auto* data = reinterpret_cast<const std::uint8_t*>(&v4);
  return {data, data + 4};
}

bool begins_alike(const Bytes& a, const Bytes& b, int bits) {
  if (a.size() != b.size()) return false;
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  return bits % 8 == 0 || (a[whole] ^ b[whole]) >> (8 - bits % 8) == 0;
}

std::vector<Bytes> addresses_of_this_host() {
  std::vector<Bytes> addresses;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next)
    if (one->ifa_addr != nullptr)
      if (auto bytes = bytes_of(*one->ifa_addr); !bytes.empty()) addresses.push_back(std::move(bytes));
  freeifaddrs(first);
  return addresses;
}

}  // namespace

void AddressGuard::allow(std::string_view network) {
  const std::size_t slash = std::min(network.find('/'), network.size());
  Bytes prefix = parse_address(network.substr(0, slash));
  const int most = static_cast<int>(prefix.size()) * 8;
  const auto bits = slash == network.size() ? most : base::parse_int(network.substr(slash + 1)).value_or(-1);
  if (prefix.empty() || bits < 0 || bits > most)
    throw std::invalid_argument("\"" + base::shorten(base::replace_bad_utf8(network), 100) +
                                "\" is no network: write an address, or one with a prefix's length, as 10.0.0.0/8 or "
                                "fd00::/8");
  networks_.push_back({std::move(prefix), static_cast<int>(bits)});
}

void AddressGuard::allow_port(std::uint16_t port) {
  ports_.push_back(port);
}

std::optional<std::string> AddressGuard::fault(const sockaddr& address) {
  const Bytes bytes = bytes_of(address);
  if (bytes.empty()) return "is neither IPv4 nor IPv6";
  const auto within = [&](const Network& network) { return begins_alike(bytes, network.prefix, network.bits); };
  if (std::any_of(networks_.begin(), networks_.end(), within)) return std::nullopt;
  if (const auto use = special_use(bytes)) return "is set aside for " + std::string(*use);
  if (own(bytes)) return "is this computer's own";
  const auto port = port_of(address);
  if (std::find(ports_.begin(), ports_.end(), port) == ports_.end())
    return "is asked for at port " + std::to_string(port) + ", which is not the web's";
  return std::nullopt;
}

bool AddressGuard::own(const std::vector<std::uint8_t>& address) {
  const auto now = std::chrono::steady_clock::now();
  if (now >= own_until_) {
    own_ = addresses_of_this_host();
    own_until_ = now + kRefreshOwn;
  }
  return std::find(own_.begin(), own_.end(), address) != own_.end();
}

}  // namespace check
