// The cases of tests/verdicts, whose README tells the format.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/check/record.hpp"

namespace corpus {

struct Case {
  std::string place;  // "gone.case:12"
  std::string name;
  std::string expected;  // "broken soft_404 hop 0"
  std::string asked;
  check::Record record;
  std::optional<std::string> baseline;
  bool accepted = false;
  std::optional<std::string> final_host;
  std::optional<std::string> tag_parameter;
  std::optional<std::string> program;
};

// Throws std::runtime_error naming the line that it cannot read.
std::vector<Case> read_cases(const std::string& folder);

}  // namespace corpus
