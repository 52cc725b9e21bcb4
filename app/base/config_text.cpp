// The documented default file, printed from the table of settings.
#include "app/base/config_settings.hpp"

namespace base {
namespace {

constexpr std::string_view kHead =
    "# QuietLeaks. Everything but public_url and database.url may be left out: what stands here is the default.\n"
    "# Each setting can be overridden by an environment variable: QL_ + table + key, as in QL_POOLS_API_WORKERS.\n";

struct Literal {
  Config& config;

  std::string operator()(std::string& (*field)(Config&)) const { return '"' + field(config) + '"'; }
  std::string operator()(int& (*field)(Config&)) const { return std::to_string(field(config)); }
  std::string operator()(std::int64_t& (*field)(Config&)) const { return std::to_string(field(config)); }
  std::string operator()(bool& (*field)(Config&)) const { return field(config) ? "true" : "false"; }
  std::string operator()(log::Level& (*field)(Config&)) const {
    return '"' + std::string(kLogLevels[static_cast<std::size_t>(field(config))]) + '"';
  }
};

std::string comment(const Setting& setting) {
  std::string text = "# " + setting.help;
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) text.insert(at + 1, "# ");
  if (setting.maximum > 0)
    text += "\n# From " + std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum) + '.';
  if (setting.secret)
    text += "\n# Or name a file that holds it and that only the server may read: " + setting.key + "_file";
  return text;
}

}  // namespace

std::string default_config_text() {
  Config defaults;
  std::string text(kHead);
  std::string table;
  for (const Setting& setting : settings()) {
    if (setting.table != table) text += "\n[" + setting.table + "]";
    table = setting.table;
    const std::string value =
        setting.required() ? '"' + setting.example + '"' : std::visit(Literal{defaults}, setting.field);
    text += '\n' + comment(setting) + '\n' + setting.key + " = " + value + '\n';
  }
  return text;
}

}  // namespace base
