#include "app/cli/context.hpp"

#include <pwd.h>
#include <unistd.h>

#include "app/base/ids.hpp"

namespace cli {
namespace {

constexpr const char* kDefaultConfig = "/etc/quietleaks/quietleaks.toml";
constexpr int kStatementTimeoutMs = 60'000;
constexpr int kLockTimeoutMs = 20'000;

std::string value_of(const base::Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

// Who is at the keyboard, for the audit trail. Behind sudo it is who called it: root would tell nothing.
std::string operator_name(const base::Environment& environment) {
  if (auto caller = value_of(environment, "SUDO_USER"); getuid() == 0 && !caller.empty()) return caller;
  const auto* user = getpwuid(getuid());
  return user ? user->pw_name : "uid " + std::to_string(getuid());
}

}  // namespace

std::string Context::config_path() const {
  if (!config_option.empty()) return config_option;
  if (std::string named = value_of(environment_, "QL_CONFIG"); !named.empty()) return named;
  if (!value_of(environment_, "QL_DATABASE_URL").empty() && access(kDefaultConfig, F_OK) != 0) return {};
  return kDefaultConfig;
}

const base::Config& Context::config() {
  if (config_) return *config_;
  try {
    return config_.emplace(base::load_config(config_path(), environment_));
  } catch (const base::ConfigError& error) {
    throw Failure(
        Exit::failed, "config_invalid", error.what(),
        "Name the file with --config FILE or QL_CONFIG. The database alone can also be given as QL_DATABASE_URL. "
        "`quietleaks-web --print-config` shows every setting.");
  }
}

db::Database& Context::database() {
  if (!database_) {
    const auto& settings = config().database;
    database_ = std::make_unique<db::Database>(db::Options{.url = settings.url,
                                                           .application_name = "quietleaks",
                                                           .connect_timeout_s = settings.connect_timeout_s,
                                                           .statement_timeout_ms = kStatementTimeoutMs,
                                                           .lock_timeout_ms = kLockTimeoutMs});
    database_->act_as({.type = "operator", .id = {}, .name = operator_name(environment_), .request_id = {}});
  }
  return *database_;
}

db::Account Context::account(const std::string& name_or_id) {
  if (auto account = database().accounts().find(name_or_id)) return *account;
  throw Failure(Exit::failed, "account_not_found", "there is no account \"" + name_or_id + "\"",
                "`quietleaks account list` shows them all; `quietleaks account add NAME` makes one.");
}

std::string account_word(const db::Account& account) {
  return printable(account.name) == account.name ? shell_word(account.name) : base::format_uuid(account.id);
}

}  // namespace cli
