#include "app/base/config_suggest.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

namespace base {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

std::string suggestion(const std::string& name, const std::vector<std::string>& known) {
  std::size_t nearest_distance = 1 + std::max<std::size_t>(2, name.size() / 4);
  const std::string* nearest = nullptr;
  for (const std::string& candidate : known) {
    const bool in_another_table = last_part(candidate) == last_part(name);
    const std::size_t distance =
        std::min(edit_distance(name, candidate), in_another_table ? std::size_t{2} : std::string::npos);
    if (distance < nearest_distance) nearest = &candidate, nearest_distance = distance;
  }
  return nearest ? "; did you mean " + *nearest + "?" : "";
}

}  // namespace base
