#include "app/clicks/countries.hpp"

#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>

namespace clicks {
namespace {

struct Address {
  sockaddr_storage storage{};
  bool known = false;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address ipv4(const void* bytes) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::memcpy(&address.sin_addr, bytes, sizeof address.sin_addr);
  Address result;
  std::memcpy(&result.storage, &address, sizeof address);
  result.known = true;
  return result;
}

// The library's own way from text asks getaddrinfo, which costs more than the look-up. An IPv4 address inside an IPv6
// one is taken out: not every file leads from there to the IPv4 networks.
Address parse_address(const std::string& text) {
  in_addr v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return ipv4(&v4);
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) != 1) return {};
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return ipv4(v6.sin6_addr.s6_addr + 12);
  v6.sin6_family = AF_INET6;
  Address result;
  std::memcpy(&result.storage, &v6, sizeof v6);
  result.known = true;
  return result;
}

bool upper_case(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

struct Countries::Parts {
  MMDB_s database{};

  explicit Parts(const std::string& path) {
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database);
    if (status != MMDB_SUCCESS)
      throw std::runtime_error("cannot read the country file " + path + ": " + MMDB_strerror(status));
  }
  ~Parts() { MMDB_close(&database); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
};

Countries::Countries(const std::string& path) : parts_(path.empty() ? nullptr : std::make_unique<Parts>(path)) {}
Countries::~Countries() = default;
Countries::Countries(Countries&& other) noexcept = default;

std::array<char, 2> Countries::of(const std::string& address) const noexcept {
  constexpr std::array<char, 2> kUnknown{};
  if (!parts_) return kUnknown;
  const Address parsed = parse_address(address);
  if (!parsed.known) return kUnknown;
  int status = MMDB_SUCCESS;
  MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&parts_->database, parsed.get(), &status);
  if (status != MMDB_SUCCESS || !found.found_entry) return kUnknown;
  MMDB_entry_data_s data{};
  if (MMDB_get_value(&found.entry, &data, "country", "iso_code", nullptr) != MMDB_SUCCESS || !data.has_data ||
      data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size != 2 || !upper_case(data.utf8_string[0]) ||
      !upper_case(data.utf8_string[1]))
    return kUnknown;
  return {data.utf8_string[0], data.utf8_string[1]};
}

}  // namespace clicks
