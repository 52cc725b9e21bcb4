#include "app/web/visits.hpp"

#include <array>
#include <chrono>
#include <exception>

#include "app/base/clock.hpp"
#include "app/base/crypto.hpp"
#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/clicks/countries.hpp"
#include "app/clicks/journal.hpp"
#include "app/clicks/record.hpp"
#include "app/clicks/visitor.hpp"
#include "app/web/click_details.hpp"

namespace web {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

clicks::Countries open_countries(const std::string& path) {
  try {
    return clicks::Countries(path);
  } catch (const std::exception& error) {
    base::log::error("countries_unknown", {{"detail", error.what()}});
    return clicks::Countries("");
  }
}

}  // namespace

struct Visits::Parts {
  Parts(const base::Config& config, const std::string& pool, bool power)
      : map(config.server.state_dir),
        journal(config.server.state_dir, pool, power ? clicks::Durability::power : clicks::Durability::process),
        countries(open_countries(config.clicks.geoip_file)) {}

  clicks::LinkMap map;
  clicks::Journal journal;
  clicks::Countries countries;
  clicks::AgentMemo agents;
  clicks::JournalState counted;  // what of the journal's state is in the slot
  bool salt_missed = false;

  std::uint64_t visitor(const http::Request& request, const clicks::Record& record);
};

std::uint64_t Visits::Parts::visitor(const http::Request& request, const clicks::Record& record) {
  const auto salt = map.salt(base::day_number(record.time_us / 1'000'000));
  if (salt) return clicks::visitor_hash(*salt, request.remote_addr, request.header("user-agent"), record.account_id);
  if (!salt_missed)
    base::log::warning("no_visitor_salt", {{"detail", "clicks are counted, but their visitors are not told apart"}});
  salt_missed = true;
  return 0;
}

Visits::Visits(const base::Config& config, std::string pool, const shm::ClicksBoard& board, shm::WorkerSlot& slot)
    : config_(config), pool_(std::move(pool)), board_(board), slot_(slot), power_(config.clicks.durability == "power") {
  slot_.clicks_lost.fetch_add(slot_.clicks_held.exchange(0, kRelaxed), kRelaxed);  // died with a predecessor
}

Visits::~Visits() {
  if (!parts_) return;
  parts_->journal.close();
  count_journal();
}

Visits::Parts& Visits::parts() {
  if (!parts_) parts_ = std::make_unique<Parts>(config_, pool_, power_);
  parts_->map.open(board_.map_generation.load(std::memory_order_acquire));
  return *parts_;
}

std::optional<clicks::Target> Visits::find(std::string_view slug) {
  return parts().map.find(slug);
}

bool Visits::map_complete() {
  return parts().map.complete();
}

void Visits::record(const http::Request& request, const db::Uuid& account_id, const db::Uuid& link_id) noexcept {
  try {
    Parts& own = parts();
    const clicks::Agent agent = own.agents.classify(request.header("user-agent"));
    clicks::Record record;
    record.id = click_id(request.id);
    record.account_id = account_id;
    record.link_id = link_id;
    record.time_us = click_time(request.header("click-time"));
    record.kind = agent.kind;
    record.device = agent.device;
    record.visitor = own.visitor(request, record);
    record.country = own.countries.of(request.remote_addr);
    record.set_referrer_host(host_of(request.header("referer")));
    own.journal.append(record);
    count_journal();
  } catch (...) {  // out of memory
    slot_.clicks_lost.fetch_add(1, kRelaxed);
  }
}

// The slot's counts go on over the deaths of workers, a journal's begin with it.
void Visits::count_journal() noexcept {
  const clicks::JournalState state = parts_->journal.state();
  clicks::JournalState& before = parts_->counted;
  slot_.clicks_journalled.fetch_add(state.appended - before.appended, kRelaxed);
  slot_.clicks_held.store(state.held, kRelaxed);
  if (const auto lost = state.lost - before.lost; lost > 0) slot_.clicks_lost.fetch_add(lost, kRelaxed);
  if (const auto errors = state.write_errors + state.sync_errors - before.write_errors - before.sync_errors; errors > 0)
    slot_.journal_errors.fetch_add(errors, kRelaxed);
  before = state;
}

void Visits::count_redirect() noexcept {
  slot_.redirects.fetch_add(1, kRelaxed);
}

void Visits::settle() noexcept {
  if (!parts_) return;
  parts_->journal.settle();
  count_journal();
}

void Visits::tick() noexcept {
  if (!parts_) return;
  parts_->journal.tick();
  count_journal();
  try {
    parts();  // an idle worker lets go of an old map, too
  } catch (...) {
    base::log::warning("link_map_not_opened");
  }
}

}  // namespace web
