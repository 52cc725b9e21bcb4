// A server as its scoreboard shows it: a process of the master's name that does nothing, and what its workers would
// have written.
#pragma once

#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "app/base/clock.hpp"
#include "app/shm/scoreboard.hpp"

namespace integration {

class FakeServer {
 public:
  explicit FakeServer(const std::string& run_dir)
      : region_(shm::Region::file(run_dir + "/scoreboard", shm::Scoreboard::bytes(kSlots))), master_(fork()) {
    if (master_ == 0) {
      execl("/bin/sleep", "quietleaks-web", "3600", static_cast<char*>(nullptr));
      _exit(127);
    }
    if (master_ < 0) throw std::runtime_error("cannot fork");
    while (!has_its_name()) usleep(1000);
    shm::Scoreboard::format(region_.data(), kSlots);
    header().master_pid = master_;
    add(0, "go", 1);
    add(1, "clicks", 1);
    header().clicks.pid = master_;
    header().clicks.map_synced_at = header().clicks.database_at = header().clicks.flushed_at = base::unix_seconds();
  }
  ~FakeServer() {
    kill(master_, SIGKILL);
    waitpid(master_, nullptr, 0);
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  shm::ScoreboardHeader& header() const { return shm::Scoreboard(region_).header(); }
  shm::ClicksBoard& clicks() const { return header().clicks; }
  shm::WorkerSlot& go_worker() const { return shm::Scoreboard(region_).slots()[0]; }

 private:
  static constexpr int kSlots = 4;

  bool has_its_name() const {  // it has been executed
    char name[32] = {};
    FILE* file = fopen(("/proc/" + std::to_string(master_) + "/cmdline").c_str(), "re");
    if (file == nullptr) return false;
    const bool read = fread(name, 1, sizeof name - 1, file) > 0;
    fclose(file);
    return read && std::strcmp(name, "quietleaks-web") == 0;
  }

  void add(std::size_t place, const char* pool, std::uint32_t index) const {
    auto& slot = shm::Scoreboard(region_).slots()[place];
    slot.state = static_cast<std::uint32_t>(shm::WorkerState::idle);
    slot.pid = master_;
    slot.starts = 1;
    slot.started_at = base::unix_seconds();
    slot.index = index;
    std::strncpy(slot.pool, pool, sizeof slot.pool - 1);
  }

  shm::Region region_;
  pid_t master_;
};

}  // namespace integration
