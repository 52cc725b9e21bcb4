#include "tests/faults/nginx_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/faults/timing.hpp"
#include "tests/support/command.hpp"
#include "tests/support/stack.hpp"

namespace faults {
namespace {

bool accepts_connections(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

}  // namespace

NginxProcess::NginxProcess(std::string directory, Process::Environment environment)
    : directory_(std::move(directory)),
      environment_(std::move(environment)),
      port_(support::free_port()),
      base_url_("https://localhost:" + std::to_string(port_)) {}

void NginxProcess::render() const {
  support::must_run({"scripts/make-cert", directory_ + "/tls"});
  std::vector<std::string> command = {"nginx/render",
                                      directory_ + "/nginx",
                                      "PUBLIC_URL=" + base_url_,
                                      "SERVER_NAME=localhost",
                                      "HTTPS_LISTEN=127.0.0.1:" + std::to_string(port_),
                                      "HTTP_LISTEN=127.0.0.1:" + std::to_string(support::free_port()),
                                      "RUN_DIR=" + directory_ + "/run",
                                      "HTML_DIR=" + directory_ + "/html",
                                      "CERTIFICATE=" + directory_ + "/tls/server.pem",
                                      "CERTIFICATE_KEY=" + directory_ + "/tls/server.key",
                                      "LOG_DIR=" + directory_ + "/log",
                                      "WORK_DIR=" + directory_ + "/nginx"};
  if (geteuid() == 0) command.push_back("USER=www-data");
  support::must_run(command);
}

void NginxProcess::start() {
  if (!std::filesystem::exists(directory_ + "/nginx")) render();
  setenv("PATH", (std::string(std::getenv("PATH")) + ":/usr/sbin").c_str(), 1);
  process_ = Process(
      {"nginx", "-e", directory_ + "/log/nginx-error.log", "-c", directory_ + "/nginx/nginx.conf", "-g", "daemon off;"},
      directory_ + "/log/nginx.log", environment_);
  if (!wait_until([&] { return accepts_connections(port_); }, 10))
    throw std::runtime_error("nginx does not start:\n" + slurp(directory_ + "/log/nginx.log"));
}

void NginxProcess::kill() {
  const auto workers = children_of(pid());
  process_.signal(SIGKILL);
  process_.wait(10);
  for (const pid_t worker : workers) ::kill(worker, SIGKILL);
  must_end(workers, "an nginx worker");
}

void must_end(const std::vector<pid_t>& processes, const char* what) {
  const auto gone = [&] {
    return std::none_of(processes.begin(), processes.end(), [](pid_t pid) { return alive(pid); });
  };
  if (!wait_until(gone, 10)) throw std::runtime_error(std::string(what) + " is still there after 10 s");
}

}  // namespace faults
