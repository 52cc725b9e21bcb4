#include "tests/faults/web_instance.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace faults {
namespace {

namespace fs = std::filesystem;

std::string make_directory() {
  char directory[] = "/tmp/quietleaks-faults-XXXXXX";
  if (mkdtemp(directory) == nullptr) throw std::runtime_error("cannot make a directory under /tmp");
  chmod(directory, 0755);
  for (const char* name : {"/run", "/log", "/html", "/pg"}) fs::create_directory(directory + std::string(name));
  return directory;
}

}  // namespace

WebInstance::WebInstance(Options options)
    : options_(std::move(options)), directory_(make_directory()), nginx_(directory_) {
  fs::copy_file("build/release/quietleaks-web", program());
  if (options_.unresponsive_database) make_unresponsive_database();
  write_config();
  start_web();
  if (options_.nginx) nginx_.start();
}

WebInstance::~WebInstance() {
  web_ = Process();
  nginx_.stop();
  if (database_ >= 0) close(database_);
  std::error_code ignored;
  if (std::getenv("QL_KEEP_STATE") == nullptr) fs::remove_all(directory_, ignored);
}

void WebInstance::write_config(const std::string& end) const {
  const std::string group = geteuid() == 0 ? "socket_group = \"www-data\"\n" : "";
  const std::string stuck = "stuck_after_s = " + std::to_string(options_.stuck_after) + '\n';
  std::ofstream(config_path()) << "public_url = \"" << base_url() << "\"\n"
                               << "[database]\nurl = \"postgresql://nobody@/none?host=" << directory_ << "/pg\"\n"
                               << "connect_timeout_s = " << kConnectTimeout << "\nstatement_timeout_ms = 1000\n"
                               << "[server]\nrun_dir = \"" << run_dir() << "\"\nstate_dir = \"" << state_dir() << "\"\n"
                               << group << "[pools.api]\nworkers = " << options_.api_workers << '\n'
                               << stuck << options_.api_settings << "[pools.go]\nworkers = " << options_.go_workers
                               << '\n'
                               << stuck << "[pools.bulk]\nworkers = " << options_.bulk_workers << '\n'
                               << stuck << "[pools.passwords]\nworkers = " << kPasswordWorkers << '\n'
                               << stuck << end;
}

void WebInstance::set_api_workers(int workers) {
  options_.api_workers = workers;
  write_config();
}

// A server that is there and never says a word.
void WebInstance::make_unresponsive_database() {
  database_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (directory_ + "/pg/.s.PGSQL.5432").copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (bind(database_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 || listen(database_, 4096) != 0)
    throw std::runtime_error("cannot listen on " + directory_ + "/pg");
}

void WebInstance::start_web() {
  const int before = logged("ready");
  web_ = Process({program(), "--config", config_path()}, directory_ + "/log/web.log");
  if (!wait_until([&] { return logged("ready") > before; }, 30))
    throw std::runtime_error("quietleaks-web does not start:\n" + log());
}

void WebInstance::reload() const {
  web_.signal(SIGHUP);
}

std::vector<pid_t> WebInstance::workers(const std::string& pool) const {
  std::vector<pid_t> found;
  for (const pid_t pid : children_of(master()))
    if (title_of(pid).find("quietleaks-web: " + pool) == 0 && title_of(pid).find(" worker ") != std::string::npos)
      found.push_back(pid);
  return found;
}

std::size_t WebInstance::workers_wanted() const {
  return static_cast<std::size_t>(options_.api_workers + options_.bulk_workers + options_.go_workers +
                                  kPasswordWorkers);
}

std::string WebInstance::log() const {
  return slurp(directory_ + "/log/web.log");
}

int WebInstance::logged(const std::string& event) const {
  const std::string text = log();
  const std::string wanted = "\"event\":\"" + event + '"';
  int count = 0;
  for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) ++count;
  return count;
}

}  // namespace faults
