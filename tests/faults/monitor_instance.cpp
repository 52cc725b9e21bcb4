#include "tests/faults/monitor_instance.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace faults {
namespace {

std::string make_directory() {
  char directory[] = "/tmp/quietleaks-monitor-XXXXXX";
  if (mkdtemp(directory) == nullptr) throw std::runtime_error("cannot make a directory under /tmp");
  return directory;
}

}  // namespace

MonitorInstance::MonitorInstance(support::ShopServer::Answer answer, const MonitorSettings& settings)
    : shops_(std::move(answer)), directory_(make_directory()), log_(directory_ + "/log") {
  database_.sql("alter database " + database_.name() + " set synchronous_commit = on");
  database_.sql("insert into accounts (name, plan) values ('Shops', 'agency')");
  std::ofstream(directory_ + "/quietleaks.toml")
      << "public_url = \"https://links.example.com\"\n[database]\nurl = \"" << database_.url("quietleaks_web")
      << "\"\n[monitor]\ndatabase_url = \"" << database_.url("quietleaks_monitor")
      << "\"\nallowed_networks = \"127.0.0.0/8\"\nresolve = \"*:" << shops_.port()
      << ":127.0.0.1\"\nhost_gap_ms = " << settings.host_gap_ms
      << "\nrequests_per_host = " << settings.requests_per_host << "\ntimeout_s = " << settings.timeout_s
      << "\nchecks_at_once = " << settings.checks_at_once << "\nslow_after_ms = " << settings.slow_after_ms
      << "\nrecheck_after_s = 1\n"
      << settings.more;
}

MonitorInstance::~MonitorInstance() {
  std::filesystem::remove_all(directory_);
}

Process MonitorInstance::start() const {
  return Process({"build/release/quietleaks-monitor", "--config", directory_ + "/quietleaks.toml"}, log_);
}

void MonitorInstance::add(const std::string& name, const std::string& url) const {
  sql("insert into links (account_id, label, url, slug) select id, '" + name + "', '" + url + "', '" + name +
      "' from accounts where name = 'Shops'");
}

std::string MonitorInstance::status(const std::string& name) const {
  return sql("select concat_ws(' ', status, failure_mode) from links where slug = '" + name + "'");
}

std::string MonitorInstance::check(const std::string& name, const std::string& columns) const {
  return sql("select concat_ws(' ', " + columns + ") from checks where link_id = (select id from links where slug = '" +
             name + "') order by checked_at desc limit 1");
}

void MonitorInstance::all_due() const {
  sql("update link_watch set due_at = now() where lease is null and due_at > now() + interval '10 seconds'");
}

}  // namespace faults
