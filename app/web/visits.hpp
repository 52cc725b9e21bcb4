// What a worker that redirects has beside its requests: its view of the link map, and the journal of its clicks. Made
// on first use, because most workers of the API's pools never meet a visitor.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/config.hpp"
#include "app/clicks/link_map.hpp"
#include "app/http/request.hpp"
#include "app/shm/scoreboard.hpp"

namespace web {

class Visits {
 public:
  // `pool` names the writer in its journal. Counts clicks, and what befell the journal, in `slot`.
  Visits(const base::Config& config, std::string pool, const shm::ClicksBoard& board, shm::WorkerSlot& slot);
  ~Visits();

  // In the map's current file. The target's url is valid until the next call.
  std::optional<clicks::Target> find(std::string_view slug);
  bool map_complete();

  // Journals a click. Never fails as far as the caller can tell: a redirect does not depend on it.
  void record(const http::Request& request, const db::Uuid& account_id, const db::Uuid& link_id) noexcept;

  void count_redirect() noexcept;  // also one that is not recorded

  bool settles() const { return power_; }
  void settle() noexcept;  // see clicks::Journal
  void tick() noexcept;    // about once a second

 private:
  struct Parts;
  Parts& parts();
  void count_journal() noexcept;

  const base::Config& config_;
  const std::string pool_;
  const shm::ClicksBoard& board_;
  shm::WorkerSlot& slot_;
  const bool power_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace web
