#include "tests/support/postgres.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include "db/migrate.hpp"
#include "tests/support/command.hpp"

namespace support {
namespace {

constexpr const char* kTemplate = "ql_template";

std::string new_folder() {
  std::string name = "/tmp/quietleaks-postgres-XXXXXX";
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
  std::filesystem::permissions(name, std::filesystem::perms(0755));  // the server may run as another user than we
  return name;
}

bool lives(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string stat;
  std::getline(file, stat);
  const auto name_end = stat.rfind(") ");
  return name_end != std::string::npos && stat[name_end + 2] != 'Z';
}

void make_template(const Cluster& cluster) {
  PlainSession(cluster.url("quietleaks")).sql(std::string("create database ") + kTemplate);
  db::migrate(cluster.url(kTemplate), [](const db::Migration&) {});
}

}  // namespace

Cluster& Cluster::shared() {
  static Cluster cluster;
  static const bool ready = (make_template(cluster), true);
  static_cast<void>(ready);
  return cluster;
}

Cluster::Cluster() : folder_(new_folder()) {
  start();
}

Cluster::~Cluster() {
  run_command({"scripts/private-postgres", "stop", folder_});
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Cluster::start() {
  must_run({"scripts/private-postgres", "start", folder_, "--fast"});
}
void Cluster::stop() {
  must_run({"scripts/private-postgres", "stop", folder_});
}

// The server's processes hold its socket and its shared memory. A dead postmaster may stay in the process table as long
// as its parent likes, and counts as running by the files with its number.
void Cluster::end(int signal) {
  const std::string pid = std::to_string(server_pid());
  std::vector<std::string> processes = {pid};
  std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
  for (std::string child; children >> child;) processes.push_back(child);
  ::kill(std::stoi(pid), signal);
  for (const auto& process : processes)
    while (lives(process)) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  std::error_code ignored;
  for (const char* left : {"/data/postmaster.pid", "/socket/.s.PGSQL.5432.lock"})
    std::filesystem::remove(folder_ + left, ignored);
}

int Cluster::server_pid() const {
  std::ifstream file(folder_ + "/data/postmaster.pid");
  int pid = 0;
  file >> pid;
  return pid;
}

std::string Cluster::url(const std::string& database, const std::string& role) const {
  return "postgresql://" + role + "@/" + database + "?host=" + folder_ + "/socket";
}

TestDatabase::TestDatabase(Content content) {
  static int count = 0;
  name_ = "ql_test_" + std::to_string(++count);
  const std::string like = content == Content::migrated ? std::string(" template ") + kTemplate : "";
  PlainSession(Cluster::shared().url("quietleaks")).sql("create database " + name_ + like);
}

TestDatabase::~TestDatabase() {
  try {
    PlainSession(Cluster::shared().url("quietleaks")).sql("drop database " + name_ + " with (force)");
  } catch (const std::exception&) {  // the cluster goes at the end anyway
  }
}

std::string TestDatabase::url(const std::string& role) const {
  return Cluster::shared().url(name_, role);
}

db::Options TestDatabase::options(const std::string& role) const {
  db::Options options;
  options.url = url(role);
  options.application_name = "quietleaks test";
  return options;
}

std::string TestDatabase::sql(const std::string& statement) const {
  return PlainSession(url()).sql(statement);
}

PlainSession::PlainSession(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_) == CONNECTION_OK) return;
  const std::string message = PQerrorMessage(connection_);
  PQfinish(connection_);
  throw std::runtime_error(message);
}

std::string PlainSession::sql(const std::string& statement) {
  PGresult* result = PQexec(connection_, statement.c_str());
  const auto status = PQresultStatus(result);
  const int rows = PQntuples(result);
  std::string value = rows > 0 && PQnfields(result) > 0 ? PQgetvalue(result, rows - 1, 0) : "";
  PQclear(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection_));
  return value;
}

}  // namespace support
