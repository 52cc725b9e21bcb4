// The affiliate programs, ready to be asked which one a destination is of. Knows no database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "db/model.hpp"

namespace links {

class Programs {
 public:
  explicit Programs(const std::vector<db::Program>& programs);

  // The name of the one whose host is the url's or above it; of several the longest, most particular host's. `url` is a
  // good one (rules.hpp).
  std::optional<std::string> recognise(std::string_view url) const;

 private:
  std::unordered_map<std::string, std::string> by_host_;
};

}  // namespace links
