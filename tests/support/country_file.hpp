// Small MaxMind DB files of countries: libmaxminddb can only read. Format: maxmind.github.io/MaxMind-DB, version 2.0.
#pragma once

#include <string>
#include <vector>

namespace support {

struct CountryNetwork {
  std::string network;  // "192.0.2.0/24", "2001:db8::/32"
  std::string country;  // the iso_code that is written, whatever it is; at most 28 bytes
};

// The bytes of a file; a smaller network wins over one that holds it. `ip_version` 6: IPv4 lies under ::/96, without
// the aliases that other files may have (::ffff:0:0/96 is empty). 4: no IPv6.
std::string country_file(std::vector<CountryNetwork> networks, int ip_version = 6);

}  // namespace support
