// Tells the affiliate program of a destination by its host. A copy of the operator's table, as it was when it was read.
#pragma once

#include <functional>
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

  // The name of the program whose host the URL's host is, or is below; the longest one counts. Neither letter case nor
  // the port matters. nullopt: none, or no URL that may be a destination.
  std::optional<std::string> recognise(std::string_view url) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> names_;  // by host
};

}  // namespace links
