// Which addresses a check may connect to: public hosts on web ports, judged by the resolved address at the moment of
// the connect, whatever the name was and whatever it resolved to before.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

namespace check {

class AddressGuard {
 public:
  // "10.0.0.0/8", "fd00::/8", or an address; lifts the port rule for it, too. Throws std::invalid_argument.
  void allow(std::string_view network);

  // A port beside 80 and 443 that any public host may have.
  void allow_port(std::uint16_t port);

  // nullopt: connect. Otherwise why not, as the end of a sentence about the address: "is set aside for a private
  // network". What addresses this computer has itself is read anew now and then.
  std::optional<std::string> fault(const sockaddr& address);

 private:
  struct Network {
    std::vector<std::uint8_t> prefix;  // 4 or 16 bytes
    int bits = 0;
  };
  bool own(const std::vector<std::uint8_t>& address);

  std::vector<Network> networks_;
  std::vector<std::uint16_t> ports_{80, 443};
  std::vector<std::vector<std::uint8_t>> own_;
  std::chrono::steady_clock::time_point own_until_{};
};

}  // namespace check
