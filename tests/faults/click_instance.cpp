#include "tests/faults/click_instance.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/clicks/segment.hpp"
#include "app/shm/region.hpp"
#include "app/shm/scoreboard.hpp"
#include "tests/support/command.hpp"

namespace faults {
namespace {

namespace fs = std::filesystem;

std::string make_directory() {
  char directory[] = "/tmp/quietleaks-clicks-XXXXXX";
  if (mkdtemp(directory) == nullptr) throw std::runtime_error("cannot make a directory under /tmp");
  chmod(directory, 0755);
  for (const char* name : {"/run", "/log", "/html"}) fs::create_directory(directory + std::string(name));
  return directory;
}

struct Segment {
  std::string id;
  std::int64_t records = 0;
};

std::optional<Segment> look_at(const fs::path& path) {
  clicks::SegmentHeader header;
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;  // gone meanwhile
  file.seekg(0, std::ios::end);
  const auto bytes = static_cast<std::int64_t>(file.tellg());
  return Segment{base::format_uuid(header.id), bytes / static_cast<std::int64_t>(sizeof(clicks::Record)) - 1};
}

}  // namespace

ClickInstance::ClickInstance(ClickOptions options)
    : options_(std::move(options)), directory_(make_directory()), nginx_(directory_, options_.environment) {
  // The cluster for tests may lose its last commits in a crash; here crashes are what it is about.
  database_.sql("alter database " + database_.name() + " set synchronous_commit = on");
  make_links();
  write_config();
  if (options_.state_mib > 0) mount_state_dir();
  start_web();
  nginx_.start();
  if (!wait_for_map(20)) throw std::runtime_error("the link map does not get complete:\n" + log());
  make_unknown_links();
}

ClickInstance::~ClickInstance() {
  nginx_.stop();
  web_ = Process();
  if (options_.state_mib > 0) umount2(state_dir().c_str(), MNT_DETACH);
  std::error_code ignored;
  if (std::getenv("QL_KEEP_STATE") == nullptr) fs::remove_all(directory_, ignored);
}

void ClickInstance::make_links() {
  account_ = database_.sql("insert into accounts (name, plan) values ('Clicks', 'agency') returning id");
  for (int n = 1; n <= options_.links + options_.unknown_links; ++n) {
    const bool unknown = n > options_.links;
    const std::string slug = (unknown ? "u" : "l") + std::to_string(n);
    const std::string url = "https://shop.example/p/" + std::to_string(n) + "?tag=t";
    links_.push_back({.id = {}, .slug = slug, .url = url});
    if (!unknown) links_.back().id = add_link(links_.back());
  }
}

// In one transaction with its trace wiped out.
void ClickInstance::make_unknown_links() {
  for (auto& link : links_) {
    if (!link.id.empty()) continue;
    support::PlainSession session(database_.url());
    session.sql("begin");
    link.id = session.sql(insert_of(link));
    session.sql("delete from link_changes where slug = '" + link.slug + "'");
    session.sql("commit");
  }
}

// A transaction first: a map that is true to all there have been so far has nothing to be told.
void ClickInstance::have_map_rebuilt() const {
  database_.sql("select pg_current_xact_id()");
  database_.sql("update link_changes_horizon set pruned_before = pg_snapshot_xmax(pg_current_snapshot())");
}

std::string ClickInstance::insert_of(const Link& link) const {
  return "with made as (insert into links (account_id, label, url, slug) values ('" + account_ + "', 'link', '" +
         link.url + "', '" + link.slug +
         "') returning account_id, id, slug) insert into slugs (slug, account_id, link_id) select slug, account_id, id "
         "from made returning link_id";
}

std::string ClickInstance::add_link(const Link& link) const {
  return database_.sql(insert_of(link));
}

void ClickInstance::write_config() const {
  std::string clicks_url = database_.url("quietleaks_clicks");
  if (!options_.database_folder.empty())
    clicks_url = clicks_url.substr(0, clicks_url.find("host=") + 5) + options_.database_folder;
  std::ofstream(directory_ + "/quietleaks.toml")
      << "public_url = \"" << base_url() << "\"\n[database]\nurl = \"" << database_.url("quietleaks_web")
      << "\"\nconnect_timeout_s = 2\n[server]\nrun_dir = \"" << directory_ << "/run\"\nstate_dir = \"" << state_dir()
      << "\"\n"
      << (geteuid() == 0 ? "socket_group = \"www-data\"\n" : "") << "[pools.go]\nworkers = " << options_.go_workers
      << "\n[pools.api]\nworkers = 1\n[pools.bulk]\nworkers = 1\n[clicks]\ndatabase_url = \"" << clicks_url
      << "\"\ndurability = \"" << options_.durability << "\"\n"
      << options_.settings;
}

void ClickInstance::mount_state_dir() const {
  const std::string size = "size=" + std::to_string(options_.state_mib) + "m,mode=0700";
  fs::create_directory(state_dir());
  const passwd* user = getpwnam("www-data");
  if (user == nullptr || mount("tmpfs", state_dir().c_str(), "tmpfs", 0, size.c_str()) != 0 ||
      chown(state_dir().c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot mount a file system on " + state_dir());
}

void ClickInstance::start_web() {
  const int before = logged("ready");
  web_ = Process({"build/release/quietleaks-web", "--config", directory_ + "/quietleaks.toml"},
                 directory_ + "/log/web.log", options_.environment);
  if (!wait_until([&] { return logged("ready") > before || !alive(web_.pid()); }, 30) || !alive(web_.pid()))
    throw std::runtime_error("quietleaks-web does not start:\n" + log());
}

void ClickInstance::stop_web() {
  web_.signal(SIGTERM);
  if (web_.wait(40) == -1) throw std::runtime_error("quietleaks-web does not stop:\n" + log());
}

void ClickInstance::kill_web() {
  const auto workers = children_of(master());
  web_.signal(SIGKILL);
  web_.wait(10);
  must_end(workers, "a worker");
}

void ClickInstance::reload() const {
  web_.signal(SIGHUP);
}

bool ClickInstance::wait_for_map(double seconds) const {
  const db::UnixSeconds now = base::unix_seconds();
  return wait_until(
      [&] {
        try {
          const shm::Region region = shm::Region::open_read_only(directory_ + "/run/scoreboard");
          const auto& board = shm::Scoreboard(region).header().clicks;
          return board.map_synced_at > now && board.map_links >= options_.links;
        } catch (const std::exception&) {
          return false;
        }
      },
      seconds);
}

std::vector<pid_t> ClickInstance::workers(const std::string& pool) const {
  std::vector<pid_t> found;
  for (const pid_t pid : children_of(master()))
    if (title_of(pid).starts_with("quietleaks-web: " + pool + " worker")) found.push_back(pid);
  return found;
}

// All, so that nginx has no connection left to any other.
pid_t ClickInstance::fresh_worker(const std::string& pool) const {
  const auto before = workers(pool);
  for (const pid_t pid : before) kill(pid, SIGKILL);
  const auto is_old = [&](pid_t pid) { return std::find(before.begin(), before.end(), pid) != before.end(); };
  std::vector<pid_t> now;
  const auto replaced = [&] {
    now = workers(pool);
    return now.size() == before.size() && std::none_of(now.begin(), now.end(), is_old);
  };
  if (!wait_until(replaced, 10)) throw std::runtime_error("workers are not replaced:\n" + log());
  return now.back();
}

pid_t ClickInstance::clicks_process() const {
  pid_t found = -1;
  for (const pid_t pid : children_of(master()))
    if (title_of(pid) == "quietleaks-web: clicks") found = pid;
  return found;
}

bool ClickInstance::complete() const {
  return workers("go").size() == static_cast<std::size_t>(options_.go_workers) && workers("bulk").size() == 1 &&
         clicks_process() > 0;
}

int ClickInstance::logged(const std::string& event) const {
  const std::string text = log();
  const std::string wanted = "\"event\":\"" + event + '"';
  int count = 0;
  for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) ++count;
  return count;
}

pid_t ClickInstance::fresh_clicks_process(const std::function<void(pid_t)>& look) const {
  const pid_t before = clicks_process();
  const int lock = open((state_dir() + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  kill(master(), SIGSTOP);  // so that there is no other before the lock is ours
  kill(before, SIGKILL);
  flock(lock, LOCK_EX);
  kill(master(), SIGCONT);
  pid_t fresh = -1;
  const auto there = [&] { return (fresh = clicks_process()) > 0 && fresh != before; };
  const bool found = wait_until(there, 10);
  if (found) look(fresh);
  close(lock);
  if (!found) throw std::runtime_error("there is no new clicks process:\n" + log());
  return fresh;
}

std::uint64_t ClickInstance::on_scoreboard(std::atomic<std::uint64_t> shm::WorkerSlot::*counter) const {
  const shm::Region region = shm::Region::open_read_only(directory_ + "/run/scoreboard");
  std::uint64_t sum = 0;
  for (const auto& slot : shm::Scoreboard(region).slots()) sum += (slot.*counter).load();
  return sum;
}

std::int64_t ClickInstance::unflushed() const {
  std::int64_t left = 0;
  for (const auto& entry : fs::directory_iterator(journal_dir())) {
    if (entry.path().extension() != ".clicks") continue;
    const auto segment = look_at(entry.path());
    if (!segment) continue;
    const std::string position =
        database_.sql("select position from click_segments where segment = '" + segment->id + "'");
    left += segment->records - (position.empty() ? 0 : std::stoll(position));
  }
  return left;
}

std::int64_t ClickInstance::repeated() const {
  const shm::Region region = shm::Region::open_read_only(directory_ + "/run/scoreboard");
  return static_cast<std::int64_t>(shm::Scoreboard(region).header().clicks.repeated_clicks);
}

bool ClickInstance::drained(double seconds) const {
  return wait_until(
      [&] {
        try {
          return unflushed() == 0;
        } catch (const std::exception&) {  // PostgreSQL is just restarting
          return false;
        }
      },
      seconds);
}

int ClickInstance::recount(std::string& output) const {
  Process::Environment environment = options_.environment;
  environment["QL_DATABASE_URL"] = database_.url();
  const auto result = support::run_command(
      {"build/release/quietleaks", "--config", directory_ + "/quietleaks.toml", "clicks", "recount"}, environment);
  output = result.output;
  return result.exit_code;
}

}  // namespace faults
