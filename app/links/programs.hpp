#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "db/programs.hpp"
namespace links {
class Programs {
 public:
  explicit Programs(const std::vector<db::Program>&) {}
  std::optional<std::string> recognise(std::string_view) const { return std::nullopt; }
};
}  // namespace links
