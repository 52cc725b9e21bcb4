#include "tests/faults/web_instance.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/command.hpp"
#include "tests/support/stack.hpp"

namespace faults {
namespace {

namespace fs = std::filesystem;

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Dies with this test, whatever happens to it.
pid_t start(const std::vector<std::string>& arguments, const std::string& log) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

int wait_for(pid_t pid, double seconds) {
  int status = -1;
  return wait_until([&] { return waitpid(pid, &status, WNOHANG) == pid; }, seconds) ? status : -1;
}

}  // namespace

int repeat(int short_slice, int full) {
  const char* mode = std::getenv("QL_FAULTS");
  return mode != nullptr && std::string(mode) == "full" ? full : short_slice;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void sleep_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

bool alive(pid_t pid) {
  const std::string stat = slurp("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = stat.rfind(") ");
  return name_end != std::string::npos && stat[name_end + 2] != 'Z';
}

WebInstance::WebInstance(Options options) : options_(std::move(options)) {
  char directory[] = "/tmp/quietleaks-faults-XXXXXX";
  if (mkdtemp(directory) == nullptr) throw std::runtime_error("cannot make a directory under /tmp");
  chmod(directory, 0755);
  directory_ = directory;
  for (const char* name : {"/run", "/log", "/html", "/pg"}) fs::create_directory(directory_ + name);
  fs::copy_file("build/release/quietleaks-web", program());
  if (options_.unresponsive_database) make_unresponsive_database();
  const auto https_port = std::to_string(support::free_port());
  base_url_ = "https://localhost:" + https_port;
  write_config();
  start_web();
  if (options_.nginx) start_nginx();
}

WebInstance::~WebInstance() {
  for (const pid_t pid : {master_, nginx_}) {
    if (pid <= 0) continue;
    kill(pid, SIGTERM);
    if (wait_for(pid, 10) == -1) {
      kill(pid, SIGKILL);
      wait_for(pid, 10);
    }
  }
  if (database_ >= 0) close(database_);
  std::error_code ignored;
  if (std::getenv("QL_KEEP_STATE") == nullptr) fs::remove_all(directory_, ignored);
}

void WebInstance::write_config(const std::string& end) const {
  const std::string group = geteuid() == 0 ? "socket_group = \"www-data\"\n" : "";
  const std::string stuck = "stuck_after_s = " + std::to_string(options_.stuck_after) + '\n';
  std::ofstream(config_path()) << "public_url = \"" << base_url_ << "\"\n"
                               << "[database]\nurl = \"postgresql://nobody@/none?host=" << directory_ << "/pg\"\n"
                               << "connect_timeout_s = " << kConnectTimeout << "\nstatement_timeout_ms = 1000\n"
                               << "[server]\nrun_dir = \"" << run_dir() << "\"\nstate_dir = \"" << state_dir() << "\"\n"
                               << group << "[pools.api]\nworkers = " << options_.api_workers << '\n'
                               << stuck << options_.api_settings << "[pools.go]\nworkers = " << options_.go_workers
                               << '\n'
                               << stuck << "[pools.bulk]\nworkers = " << options_.bulk_workers << '\n'
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
  master_ = start({program(), "--config", config_path()}, directory_ + "/log/web.log");
  if (!wait_until([&] { return logged("ready") > before; }, 30))
    throw std::runtime_error("quietleaks-web does not start:\n" + log());
}

void WebInstance::start_nginx() {
  const std::string port = base_url_.substr(base_url_.rfind(':') + 1);
  support::must_run({"scripts/make-cert", directory_ + "/tls"});
  std::vector<std::string> render = {"nginx/render",
                                     directory_ + "/nginx",
                                     "PUBLIC_URL=" + base_url_,
                                     "SERVER_NAME=localhost",
                                     "HTTPS_LISTEN=127.0.0.1:" + port,
                                     "HTTP_LISTEN=127.0.0.1:" + std::to_string(support::free_port()),
                                     "RUN_DIR=" + run_dir(),
                                     "HTML_DIR=" + directory_ + "/html",
                                     "CERTIFICATE=" + directory_ + "/tls/server.pem",
                                     "CERTIFICATE_KEY=" + directory_ + "/tls/server.key",
                                     "LOG_DIR=" + directory_ + "/log",
                                     "WORK_DIR=" + directory_ + "/nginx"};
  if (geteuid() == 0) render.push_back("USER=www-data");
  support::must_run(render);
  setenv("PATH", (std::string(std::getenv("PATH")) + ":/usr/sbin").c_str(), 1);
  nginx_ = start(
      {"nginx", "-e", directory_ + "/log/nginx-error.log", "-c", directory_ + "/nginx/nginx.conf", "-g", "daemon off;"},
      directory_ + "/log/nginx.log");
  if (!wait_until([&] { return fs::exists(directory_ + "/nginx/nginx.pid"); }, 10))
    throw std::runtime_error("nginx does not start:\n" + slurp(directory_ + "/log/nginx.log"));
  sleep_ms(100);
}

int WebInstance::wait_for_exit(double seconds) {
  const int status = wait_for(master_, seconds);
  if (status != -1) master_ = -1;
  return status;
}

void WebInstance::reload() const {
  kill(master_, SIGHUP);
}

std::vector<pid_t> WebInstance::workers(const std::string& pool) const {
  std::istringstream children(
      slurp("/proc/" + std::to_string(master_) + "/task/" + std::to_string(master_) + "/children"));
  std::vector<pid_t> found;
  for (pid_t pid = 0; children >> pid;)
    if (title(pid).find("quietleaks-web: " + pool) == 0 && title(pid).find(" worker ") != std::string::npos)
      found.push_back(pid);
  return found;
}

std::size_t WebInstance::workers_wanted() const {
  return static_cast<std::size_t>(options_.api_workers + options_.bulk_workers + options_.go_workers);
}

std::string WebInstance::title(pid_t pid) const {
  const std::string line = slurp("/proc/" + std::to_string(pid) + "/cmdline");
  return line.substr(0, line.find('\0'));
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
