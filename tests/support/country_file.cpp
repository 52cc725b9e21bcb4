#include "tests/support/country_file.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace support {
namespace {

constexpr std::size_t kSeparator = 16;  // zero bytes between tree and data, counted in the pointers too
constexpr int kIpv4Depth = 96;

// The format's types, as the upper bits of a control byte whose lower five are a size below 29.
constexpr int kString = 2 << 5, kUint16 = 5 << 5, kUint32 = 6 << 5, kMap = 7 << 5;

std::string big_endian(std::uint64_t number, int size) {
  std::string bytes;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

std::string control(int type, std::size_t size) {
  return {static_cast<char>(type | static_cast<int>(size))};
}

std::string text(const std::string& value) {
  return control(kString, value.size()) + value;
}

std::string number(int type, std::uint64_t value, int size) {
  return control(type, static_cast<std::size_t>(size)) + big_endian(value, size);
}

std::string country_data(const std::string& code) {
  return control(kMap, 1) + text("country") + control(kMap, 1) + text("iso_code") + text(code);
}

struct Prefix {
  std::array<std::uint8_t, 16> address{};
  int length = 0;

  int bit(int at) const { return address[static_cast<std::size_t>(at / 8)] >> (7 - at % 8) & 1; }
};

Prefix parse_prefix(const std::string& network, int ip_version) {
  const auto slash = network.find('/');
  const std::string address = network.substr(0, slash);
  Prefix prefix;
  prefix.length = std::stoi(network.substr(slash + 1));
  const bool v4 = address.find(':') == std::string::npos;
  const int shift = v4 && ip_version == 6 ? kIpv4Depth : 0;
  if (::inet_pton(v4 ? AF_INET : AF_INET6, address.c_str(), prefix.address.data() + shift / 8) != 1)
    throw std::invalid_argument(network);
  prefix.length += shift;
  return prefix;
}

// Binary, by the bits of the address. Records are nodes (>= 0), nothing, or data behind all nodes.
class Tree {
 public:
  void insert(const Prefix& prefix, std::size_t data_offset) {
    std::size_t node = 0;
    for (int depth = 0; depth < prefix.length - 1; ++depth) node = child(node, prefix.bit(depth));
    record(node, prefix.bit(prefix.length - 1)) = kData - static_cast<std::int64_t>(data_offset);
  }

  std::size_t size() const { return nodes_.size(); }

  std::string bytes() const {
    std::string out;
    for (const auto& node : nodes_)
      for (const std::int64_t value : node) out += big_endian(pointer(value), 3);
    return out;
  }

 private:
  static constexpr std::int64_t kNothing = -1, kData = -2;  // kData - offset

  std::int64_t& record(std::size_t node, int side) { return nodes_[node][static_cast<std::size_t>(side)]; }

  std::size_t child(std::size_t node, int side) {
    const std::int64_t value = record(node, side);
    if (value >= 0) return static_cast<std::size_t>(value);
    nodes_.push_back({value, value});  // what held for the whole holds for either half
    record(node, side) = static_cast<std::int64_t>(nodes_.size() - 1);
    return nodes_.size() - 1;
  }

  std::uint64_t pointer(std::int64_t value) const {
    if (value >= 0) return static_cast<std::uint64_t>(value);
    return nodes_.size() + (value == kNothing ? 0 : kSeparator + static_cast<std::uint64_t>(kData - value));
  }

  std::vector<std::array<std::int64_t, 2>> nodes_{{kNothing, kNothing}};
};

std::string metadata(std::size_t nodes, int ip_version) {
  const std::string no_languages("\0\4", 2), build_epoch("\x8\2", 2);  // an array, a uint64: of the extended types
  return "\xab\xcd\xefMaxMind.com" + control(kMap, 9) +                //
         text("binary_format_major_version") + number(kUint16, 2, 2) + text("binary_format_minor_version") +
         number(kUint16, 0, 2) + text("build_epoch") + build_epoch + big_endian(1'777'276'800, 8) +
         text("database_type") + text("Test-Country") + text("description") + control(kMap, 0) + text("ip_version") +
         number(kUint16, static_cast<std::uint64_t>(ip_version), 2) + text("languages") + no_languages +
         text("node_count") + number(kUint32, nodes, 4) + text("record_size") + number(kUint16, 24, 2);
}

}  // namespace

std::string country_file(std::vector<CountryNetwork> networks, int ip_version) {
  std::vector<std::pair<Prefix, std::string>> prefixes;
  for (const auto& [network, country] : networks) prefixes.emplace_back(parse_prefix(network, ip_version), country);
  std::stable_sort(prefixes.begin(), prefixes.end(),
                   [](const auto& a, const auto& b) { return a.first.length < b.first.length; });
  Tree tree;
  std::string data;
  for (const auto& [prefix, country] : prefixes) {
    tree.insert(prefix, data.size());
    data += country_data(country);
  }
  return tree.bytes() + std::string(kSeparator, '\0') + data + metadata(tree.size(), ip_version);
}

}  // namespace support
