// A state directory beside the database: journals to be counted, a link map to be kept.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <stdlib.h>

#include "app/base/clock.hpp"
#include "app/clicks/journal.hpp"
#include "app/clicks/segment.hpp"
#include "app/shm/scoreboard.hpp"
#include "tests/integration/fixture.hpp"

namespace integration {

class StateFolder {
 public:
  StateFolder() {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    std::filesystem::create_directory(path_ + "/journal");
  }
  ~StateFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  const std::string& path() const { return path_; }
  std::size_t segments() const { return clicks::find_segments(clicks::journal_directory(path_)).size(); }

 private:
  std::string path_ = "/tmp/quietleaks-state-XXXXXX";
};

struct IngestFixture : Fixture {
  StateFolder state;
  shm::ClicksBoard board{};
  base::Micros now = 1'000'000'000;  // moved by the test alone
  db::UnixSeconds time = base::unix_seconds();

  db::Uuid add_link(const std::string& slug) {
    const db::NewLink link = new_link(slug);
    return *owner.links().insert(account, {&link, 1}).at(0).id;
  }

  clicks::Record click(const db::Uuid& link) const {
    clicks::Record record;
    record.id = base::random_uuid();
    record.account_id = account;
    record.link_id = link;
    record.time_us = time * 1'000'000;
    record.visitor = 1;
    return record;
  }

  std::string counted() const { return database.sql("select count(*) from clicks"); }
};

}  // namespace integration
