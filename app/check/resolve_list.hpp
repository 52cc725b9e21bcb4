// Addresses that the operator gives to names, as curl's --resolve has them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace check {

class ResolveList {
 public:
  // HOST:PORT:ADDRESS[,ADDRESS...]; the host "*" is any; IPv6 addresses may stand in brackets. Throws
  // std::invalid_argument.
  void add(std::string_view entry);

  // Null: it has none.
  const std::vector<std::string>* find(const std::string& host, std::uint16_t port) const;

 private:
  std::map<std::pair<std::string, std::uint16_t>, std::vector<std::string>> entries_;
};

}  // namespace check
