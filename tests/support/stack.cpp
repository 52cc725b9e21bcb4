#include "tests/support/stack.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/base/api_key.hpp"
#include "app/base/crypto.hpp"
#include "app/base/ids.hpp"
#include "app/base/password.hpp"
#include "app/base/token.hpp"
#include "tests/support/command.hpp"

namespace support {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, std::string> read_settings(const fs::path& path) {
  std::map<std::string, std::string> settings;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("export ")) line.erase(0, 7);
    const auto equals = line.find('=');
    if (equals == std::string::npos || line.starts_with('#')) continue;
    std::string value = line.substr(equals + 1);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    settings[line.substr(0, equals)] = value;
  }
  return settings;
}

// The process that made the listening socket, which is the master: the kernel remembers it for those who connect.
pid_t owner_of_socket(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ucred owner{};
  socklen_t size = sizeof owner;
  const bool found = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &owner, &size) == 0;
  ::close(fd);
  if (!found) throw std::runtime_error("nothing listens on " + path);
  return owner.pid;
}

pid_t parent_of(const fs::path& process) {
  const std::string stat = slurp(process / "stat");
  const auto name_end = stat.rfind(") ");
  return name_end == std::string::npos ? 0 : std::atoi(stat.c_str() + name_end + 4);
}

fs::path find_file(const fs::path& under, const std::string& name) {
  for (const auto& entry : fs::recursive_directory_iterator(under, fs::directory_options::skip_permission_denied))
    if (entry.path().filename() == name) return entry.path();
  throw std::runtime_error("no " + name + " under " + under.string());
}

}  // namespace

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

Stack::Stack(StackOptions options) : environment_(std::move(options.environment)) {
  char directory[] = "/tmp/quietleaks-test-XXXXXX";
  if (::mkdtemp(directory) == nullptr) throw std::runtime_error("cannot make a directory under /tmp");
  ::chmod(directory, 0755);
  state_ = directory;
  environment_["STATE"] = state_;
  environment_["HTTPS_PORT"] = std::to_string(free_port());
  environment_["HTTP_PORT"] = std::to_string(free_port());
  environment_["WORKERS"] = std::to_string(options.workers);
  environment_["DETACH"] = "1";
  try {
    must_run({"scripts/run"}, environment_);
  } catch (...) {
    run_command({"scripts/run", "--stop"}, environment_);
    throw;
  }
  settings_ = read_settings(state_ + "/demo.env");
  socket_ = find_file(state_, "api.sock");
  database_ = std::make_unique<db::Database>(db::Options{.url = database_url(), .application_name = "test"});
}

Stack::~Stack() {
  database_.reset();
  const auto stopped = run_command({"scripts/run", "--stop"}, environment_);
  if (stopped.exit_code != 0) std::fprintf(stderr, "scripts/run --stop:\n%s\n", stopped.output.c_str());
  std::error_code ignored;
  if (std::getenv("QL_KEEP_STATE") == nullptr) fs::remove_all(state_, ignored);
}

std::string Stack::setting(const std::string& name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) throw std::runtime_error(state_ + "/demo.env has no " + name);
  return found->second;
}

IssuedKey Stack::new_key(const std::string& account, std::int64_t expires_at, db::Scope scope) {
  const auto owner = database_->accounts().find(account);
  if (!owner) throw std::runtime_error("no such account: " + account);
  IssuedKey key{base::generate_api_key(), {}};
  db::NewKey row{.account_id = owner->id,
                 .name = "test",
                 .scope = scope,
                 .digest = base::api_key_digest(key.secret),
                 .last_four = base::last_four(key.secret),
                 .expires_at = {}};
  if (expires_at != 0) row.expires_at = expires_at;
  key.id = base::format_uuid(database_->keys().add(row));
  return key;
}

db::User Stack::new_user(const std::string& email, const std::string& password, const std::string& account) {
  const auto owner = database_->accounts().find(account);
  if (!owner) throw std::runtime_error("no such account: " + account);
  return database_->users().add(owner->id, email, base::hash_password(password));
}

std::string Stack::new_session(const db::User& user) {
  auto token = base::generate_token();
  database_->sessions().add({.user = user,
                             .digest = base::sha256(token),
                             .user_agent = "test",
                             .remote_addr = "127.0.0.1",
                             .lifetime_s = 3600});
  return token;
}

void Stack::revoke(const std::string& account, const IssuedKey& key) {
  const auto owner = database_->accounts().find(account);
  if (!owner || !database_->keys().revoke(owner->id, *base::parse_uuid(key.id)))
    throw std::runtime_error("cannot revoke key " + key.id);
}

std::string Stack::sql(const std::string& statement) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(database_url().c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statement.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK) return {};
  if (status != PGRES_TUPLES_OK || PQntuples(result.get()) == 0)
    throw std::runtime_error(statement + ": " + PQerrorMessage(connection.get()));
  return PQgetvalue(result.get(), 0, 0);
}

std::string Stack::cli(std::vector<std::string> arguments) {
  const char* variant = std::getenv("VARIANT");
  const std::string program = std::string("build/") + (variant != nullptr ? variant : "release") + "/quietleaks";
  arguments.insert(arguments.begin(), {program, "--config", state_ + "/quietleaks.toml"});
  return must_run(arguments, {{"QL_DATABASE_URL", database_url()}});
}

pid_t Stack::master_pid() const {
  return owner_of_socket(socket_);
}

std::vector<pid_t> Stack::worker_pids(const std::string& pool) const {
  const pid_t master = master_pid();
  const std::string title = "quietleaks-web: " + pool + " worker";
  std::vector<pid_t> pids;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid > 0 && parent_of(entry.path()) == master && slurp(entry.path() / "cmdline").starts_with(title))
      pids.push_back(pid);
  }
  std::sort(pids.begin(), pids.end());
  return pids;
}

void Stack::reload() const {
  if (::kill(master_pid(), SIGHUP) != 0) throw std::runtime_error("the master cannot be signalled");
}

// pg_ctl itself, as the server's user, so that the cluster comes back with the very settings that scripts/run gave it.
void Stack::control_postgres(const std::string& action) const {
  const fs::path data = find_file(state_, "pg_hba.conf").parent_path();
  const fs::path program = find_file("/usr/lib/postgresql", "pg_ctl");
  std::vector<std::string> command = {program, action, "-w", "-s", "-D", data};
  if (action == "start") command.insert(command.end(), {"-l", data.parent_path() / "postgres.log"});
  if (action == "stop") command.insert(command.end(), {"-m", "fast"});
  if (::geteuid() == 0)
    command.insert(command.begin(), {"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"});
  must_run(command);
}

void Stack::stop_postgres() const {
  control_postgres("stop");
}
void Stack::start_postgres() const {
  control_postgres("start");
}

std::string Stack::logs() const {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(state_, fs::directory_options::skip_permission_denied))
    if (entry.is_regular_file() && entry.path().extension() == ".log") text += slurp(entry.path());
  return text;
}

}  // namespace support
