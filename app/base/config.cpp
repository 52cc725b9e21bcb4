// Reads the file, then the environment over it, and collects everything that is wrong before it gives up.
#include "app/base/config.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>
#include <variant>

#include <unistd.h>

// toml++ asserts on some malformed headers ("[[["): that must be a refusal, not an abort.
[[noreturn]] static void refuse_toml() {
  throw std::logic_error("not TOML");
}
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : refuse_toml())
#include <toml++/toml.h>

#include "app/base/config_characters.hpp"
#include "app/base/config_settings.hpp"
#include "app/base/config_suggest.hpp"
#include "app/base/text.hpp"

namespace base {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::size_t kMaxShown = 60;  // bytes of a wrong value that an error repeats

// A value as it was found, before it is known to fit.
struct Found {
  std::string origin;  // "FILE:LINE: pools.api.workers" or "QL_POOLS_API_WORKERS"
  std::variant<std::monostate, std::string, std::int64_t, bool> value;
  std::string shown;
};

std::string quoted(const std::string& text) {
  return '"' + shorten(text, kMaxShown) + '"';
}

// Puts a found value into its field; false if it does not fit.
struct Assign {
  Config& config;
  const Setting& setting;
  const Found& found;

  bool operator()(std::string& (*field)(Config&)) const {
    const auto* text = std::get_if<std::string>(&found.value);
    if (!text || (setting.accepts && !setting.accepts(*text))) return false;
    field(config) = *text;
    return true;
  }
  template <typename Integer>
  bool operator()(Integer& (*field)(Config&)) const {
    const auto* number = std::get_if<std::int64_t>(&found.value);
    if (!number || *number < setting.minimum || *number > setting.maximum) return false;
    field(config) = static_cast<Integer>(*number);
    return true;
  }
  bool operator()(bool& (*field)(Config&)) const {
    const auto* flag = std::get_if<bool>(&found.value);
    if (flag) field(config) = *flag;
    return flag != nullptr;
  }
  bool operator()(log::Level& (*field)(Config&)) const {
    const auto* text = std::get_if<std::string>(&found.value);
    const auto* level = text ? std::find(std::begin(kLogLevels), std::end(kLogLevels), *text) : std::end(kLogLevels);
    if (level == std::end(kLogLevels)) return false;
    field(config) = static_cast<log::Level>(level - std::begin(kLogLevels));
    return true;
  }
};

Found found_in_file(const toml::node& node, std::string origin) {
  if (const auto* text = node.as_string()) return {std::move(origin), text->get(), quoted(text->get())};
  if (const auto* number = node.as_integer()) return {std::move(origin), number->get(), std::to_string(number->get())};
  if (const auto* flag = node.as_boolean()) return {std::move(origin), flag->get(), flag->get() ? "true" : "false"};
  if (node.is_floating_point()) return {std::move(origin), {}, "a number with a fraction"};
  if (node.is_table()) return {std::move(origin), {}, "a table"};
  return {std::move(origin), {}, node.is_array() ? "a list" : "a date or time"};
}

// The environment knows only text: it is read as what the setting wants.
Found found_in_environment(const Setting& setting, const std::string& variable, const std::string& text) {
  const bool is_flag = std::holds_alternative<bool& (*)(Config&)>(setting.field);
  const bool is_text = setting.maximum == 0 && !is_flag;
  Found found{variable, text, quoted(text)};
  if (is_flag && (text == "true" || text == "false")) found.value = text == "true";
  if (const auto number = parse_int(text); number && !is_text && !is_flag) found.value = *number;
  return found;
}

class Loader {
 public:
  Loader(const std::string& path, const Environment& environment) : path_(path), environment_(environment) {}

  Config load() {
    if (!path_.empty()) read_file_settings();
    given_here_.clear();
    read_environment();
    check_required();
    if (errors_.empty()) check_together();
    if (errors_.empty()) return config_;
    std::string all = errors_.front();
    for (auto error = errors_.begin() + 1; error != errors_.end(); ++error) all += '\n' + *error;
    throw ConfigError(all);
  }

 private:
  std::string file_text() const {
    try {
      return base::read_file(path_, kMaxFileBytes);
    } catch (const std::runtime_error& error) {
      throw ConfigError(std::string(error.what()) + " (--print-config prints a file to start from)");
    }
  }

  void read_file_settings() {
    const std::string text = file_text();
    if (const auto stray = find_stray_character(text); stray.line > 0)
      throw ConfigError(path_ + ':' + std::to_string(stray.line) + ": " + stray.complaint);
    try {
      read_table(toml::parse(text, path_), "");
    } catch (const toml::parse_error& error) {
      const std::string what(error.description());
      const bool unquoted = what.find("could not determine value type") != std::string::npos;
      throw ConfigError(path_ + ':' + std::to_string(error.source().begin.line) + ": " + what +
                        (unquoted ? " (text needs quotes)" : ""));
    } catch (const std::logic_error&) {
      throw ConfigError(path_ + ": not valid TOML; is there a table header with too many brackets?");
    }
  }

  void read_table(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      const std::string origin = path_ + ':' + std::to_string(key.source().begin.line) + ": " + name;
      if (const Setting* setting = find(name)) {
        take(*setting, found_in_file(node, origin));
      } else if (const Setting* secret = find_by_file(name)) {
        take_file(*secret, found_in_file(node, origin));
      } else if (node.is_table() && is_table(name)) {
        read_table(*node.as_table(), name + '.');
      } else if (is_table(name)) {
        fail(found_in_file(node, origin), "a table: [" + name + "]");
      } else {
        errors_.push_back(origin + ": unknown " + (node.is_table() ? "table" : "setting") + suggestion(name, names()));
      }
    }
  }

  void read_environment() {
    std::vector<std::string> known;
    for (const Setting& setting : settings()) {
      const std::string variable = setting.environment_variable();
      known.push_back(variable);
      if (const std::string* text = variable_value(variable))
        take(setting, found_in_environment(setting, variable, *text));
      if (!setting.secret) continue;
      known.push_back(variable + "_FILE");
      if (const std::string* text = variable_value(known.back()))
        take_file(setting, {known.back(), *text, quoted(*text)});
    }
    for (const auto& [variable, text] : environment_)
      if (belongs_to_a_table(variable) && std::find(known.begin(), known.end(), variable) == known.end())
        errors_.push_back(variable + ": unknown setting" + suggestion(variable, known));
  }

  void take(const Setting& setting, const Found& found) {
    if (!given_here_.insert(&setting).second) {
      errors_.push_back(found.origin + ": " + setting.name() + " and " + setting.name() +
                        "_file are both given; keep one");
      return;
    }
    origins_[&setting] = found.origin;
    if (!std::visit(Assign{config_, setting, found}, setting.field))
      fail({found.origin, {}, setting.secret ? "a value that is not shown" : found.shown}, expected_value(setting));
  }

  void take_file(const Setting& setting, const Found& found) {
    const auto* path = std::get_if<std::string>(&found.value);
    origins_[&setting] = found.origin;
    if (!path) return fail(found, "the path of a file");
    try {
      std::string secret = base::read_file(*path, kMaxFileBytes);
      secret.erase(secret.find_last_not_of(" \t\r\n") + 1);
      take(setting, {found.origin, std::move(secret), ""});
    } catch (const std::runtime_error& error) {
      errors_.push_back(found.origin + ": " + error.what());
    }
  }

  // Without a file there is no server to run, and only the database must be known.
  void check_required() {
    for (const Setting& setting : settings())
      if (setting.required() && !origins_.contains(&setting) && (!path_.empty() || setting.table == "database"))
        errors_.push_back((path_.empty() ? "" : path_ + ": ") + setting.name() + ": missing, expected " +
                          expected_value(setting) + " (or set " + setting.environment_variable() + ")");
  }

  // What no setting can tell by itself.
  void check_together() {
    const Config::Database& database = config_.database;
    if (database.lock_timeout_ms > database.statement_timeout_ms)
      fail({origin("database.lock_timeout_ms"), {}, std::to_string(database.lock_timeout_ms)},
           "at most database.statement_timeout_ms (" + std::to_string(database.statement_timeout_ms) + ")");
    const int waiting_ms = database.connect_timeout_s * 1000 + database.statement_timeout_ms;
    for (const auto& [name, pool] : {std::pair("pools.api.stuck_after_s", &config_.pools.api),
                                     std::pair("pools.bulk.stuck_after_s", &config_.pools.bulk),
                                     std::pair("pools.passwords.stuck_after_s", &config_.pools.passwords)})
      if (pool->stuck_after_s * 1000 <= waiting_ms)
        fail({origin(name), {}, std::to_string(pool->stuck_after_s)},
             "more than the " + std::to_string(waiting_ms) +
                 " ms that a healthy request may wait (database.connect_timeout_s + database.statement_timeout_ms)");
  }

  void fail(const Found& found, const std::string& expected) {
    errors_.push_back(found.origin + ": found " + found.shown + ", expected " + expected);
  }

  std::string origin(const std::string& name) const {
    const auto given = origins_.find(find(name));
    return given == origins_.end() ? path_ + ": " + name + " (its default)" : given->second;
  }

  const std::string* variable_value(const std::string& variable) const {
    const auto entry = environment_.find(variable);
    return entry == environment_.end() || entry->second.empty() ? nullptr : &entry->second;
  }

  static const Setting* find(const std::string& name) {
    const auto& all = settings();
    const auto setting = std::find_if(all.begin(), all.end(), [&](const Setting& s) { return s.name() == name; });
    return setting == all.end() ? nullptr : &*setting;
  }

  static const Setting* find_by_file(const std::string& name) {
    const Setting* setting = name.ends_with("_file") ? find(name.substr(0, name.size() - 5)) : nullptr;
    return setting && setting->secret ? setting : nullptr;
  }

  static bool is_table(const std::string& name) {
    const auto& all = settings();
    return std::any_of(all.begin(), all.end(),
                       [&](const Setting& s) { return (s.table + '.').starts_with(name + '.'); });
  }

  // Of settings and tables: all that may stand in the file.
  static std::vector<std::string> names() {
    std::set<std::string> all;
    for (const Setting& setting : settings()) {
      const std::string name = setting.name();
      all.insert(name);
      for (auto dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
        all.insert(name.substr(0, dot));
    }
    return {all.begin(), all.end()};
  }

  // Other programs' variables may begin with QL_ too, but not with QL_DATABASE_ or another table's name.
  static bool belongs_to_a_table(const std::string& variable) {
    const auto& all = settings();
    return std::any_of(all.begin(), all.end(), [&](const Setting& s) {
      const std::string whole = s.environment_variable();
      return !s.table.empty() && variable.starts_with(std::string_view(whole).substr(0, whole.size() - s.key.size()));
    });
  }

  const std::string path_;
  const Environment& environment_;
  Config config_;
  std::map<const Setting*, std::string> origins_;  // where each setting that was given stands
  std::set<const Setting*> given_here_;            // in this one of the two sources
  std::vector<std::string> errors_;
};

}  // namespace

Environment environment() {
  Environment variables;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Config load_config(const std::string& path, const Environment& environment) {
  return Loader(path, environment).load();
}

}  // namespace base
