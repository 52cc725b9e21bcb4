// The one table of settings. The parser, the environment's names, the suggestions and the documented default file are
// all made from it, so that they cannot drift apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/base/config.hpp"

namespace base {

// Where the value lives within a Config; its type is the setting's type.
using ConfigField = std::variant<std::string& (*)(Config&), int& (*)(Config&), std::int64_t& (*)(Config&),
                                 bool& (*)(Config&), log::Level& (*)(Config&)>;

struct Setting {
  std::string table;  // "pools.api"; empty: top level
  std::string key;
  ConfigField field;
  std::string help;          // comment lines of the default file
  std::int64_t minimum = 0;  // of integers
  std::int64_t maximum = 0;
  bool secret = false;       // may also come from a file (key + "_file"), and is never shown
  std::string example = {};  // what the default file holds for a setting that has no default and must be given
  bool (*accepts)(std::string_view) = nullptr;  // of text: a further test, and
  std::string form = {};                        // the form that it wants

  bool required() const { return !example.empty(); }
  std::string name() const;                  // "pools.api.workers"
  std::string environment_variable() const;  // "QL_POOLS_API_WORKERS"
};

const std::vector<Setting>& settings();

// What a good value is: "an integer from 1 to 1024".
std::string expected_value(const Setting& setting);

inline constexpr std::string_view kLogLevels[] = {"debug", "info", "warning", "error"};  // as log::Level counts

}  // namespace base
