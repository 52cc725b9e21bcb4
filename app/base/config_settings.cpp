#include "app/base/config_settings.hpp"

#include "app/base/config_tables.hpp"

namespace base {
namespace {

std::vector<Setting> make_settings() {
  std::vector<Setting> all;
  add_general(all);
  add_database(all);
  add_server(all);
  add_pools(all);
  add_clicks(all);
  add_monitor(all);
  add_limits(all);
  add_people(all);
  return all;
}

struct ExpectedValue {
  const Setting& setting;

  std::string range() const {
    return "an integer from " + std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum);
  }
  std::string operator()(int& (*)(Config&)) const { return range(); }
  std::string operator()(std::int64_t& (*)(Config&)) const { return range(); }
  std::string operator()(bool& (*)(Config&)) const { return "true or false"; }
  std::string operator()(log::Level& (*)(Config&)) const {
    return "one of \"debug\", \"info\", \"warning\", \"error\"";
  }
  std::string operator()(std::string& (*)(Config&)) const { return setting.form.empty() ? "text" : setting.form; }
};

}  // namespace

std::string Setting::name() const {
  return table.empty() ? key : table + '.' + key;
}

std::string Setting::environment_variable() const {
  std::string variable = "QL_" + name();
  for (char& c : variable) c = c == '.' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return variable;
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = make_settings();
  return all;
}

std::string expected_value(const Setting& setting) {
  return std::visit(ExpectedValue{setting}, setting.field);
}

}  // namespace base
