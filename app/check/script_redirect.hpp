// Reads where a script sends its visitor, without running it: assignments to location and calls of its methods, with
// texts that stand in the script, in code that runs as the page loads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace check {

struct ScriptRedirect {
  std::optional<std::string> reference;  // as it stands in the script; the first one that is reached
  bool computed = false;                 // there is one that runs, but its target is no plain text
  bool conditional = false;              // there is one under a condition
};

ScriptRedirect script_redirect(std::string_view script);

}  // namespace check
