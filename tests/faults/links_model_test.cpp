// "List totals, filters, events and idempotency always agree with a model": clients create, change and delete links at
// random and in parallel, with every retry that an automation makes, while workers are killed with SIGKILL and the
// monitor's verdicts come in. Then all that the API says is compared with what the clients know.
#include <atomic>
#include <csignal>
#include <thread>

#include "app/http/query.hpp"
#include "tests/faults/link_model.hpp"
#include "tests/faults/timing.hpp"
#include "tests/support/boost_test.hpp"

namespace faults {
namespace {

constexpr int kClients = 5;

struct Replayed {
  LinkModel links;
  std::map<std::string, std::string> statuses;
  std::map<std::string, std::int64_t> events;  // how many of each type
  std::int64_t last_seq = 0;
};

// Takes what events say, one after the other, as a copy of the account would.
class Replay {
 public:
  explicit Replay(Agency& agency) : agency_(agency) {}

  void take(const http::JsonValue& event) {
    const auto seq = integer_at(event, "seq");
    if (seq != state_.last_seq + 1) complain(event, "not the next after " + std::to_string(state_.last_seq));
    state_.last_seq = seq;
    const auto& type = text_at(event, "type");
    ++state_.events[type];
    if (!ids_.insert(text_at(event, "id")).second) complain(event, "an id that was there before");
    if (!at(event, "link").null()) take_link(type, event);
  }

  const Replayed& state() const { return state_; }
  const std::set<std::string>& request_ids() const { return request_ids_; }

 private:
  void take_link(const std::string& type, const http::JsonValue& event) {
    const auto& link = at(event, "link");
    const auto& id = text_at(link, "id");
    const auto model = model_of(link);
    const auto known = state_.links.find(id);
    if ((type == "link.created") != (known == state_.links.end())) return complain(event, "out of order");
    if (type == "link.deleted" && known->second != model) complain(event, "deleted as it was not");
    if (type == "link.updated" && known->second == model) complain(event, "nothing changed");
    if (type == "link.status_changed" && known->second != model) complain(event, "more than the status changed");
    if (text_at(at(event, "actor"), "type") == "api_key") request_ids_.insert(text_at(event, "request_id"));
    if (type == "link.deleted") {
      state_.links.erase(id);
      state_.statuses.erase(id);
    } else {
      state_.links[id] = model;
      state_.statuses[id] = text_at(link, "status");
    }
  }

  void complain(const http::JsonValue& event, const std::string& what) {
    agency_.complain("event " + std::to_string(integer_at(event, "seq")) + " (" + text_at(event, "type") +
                     "): " + what);
  }

  Agency& agency_;
  Replayed state_;
  std::set<std::string> ids_, request_ids_;
};

// A poller as the documentation advises: remembers the last seq.
class Poller {
 public:
  explicit Poller(Agency& agency) : client_(agency), replay_(agency) {}

  bool poll() {  // false: there was nothing new
    const auto page =
        client_.get("/api/v1/events?sort=seq&limit=500&after=" + std::to_string(replay_.state().last_seq));
    for (const auto& event : array_at(page, "events")) replay_.take(event);
    return !array_at(page, "events").empty();
  }

  PersistentClient& client() { return client_; }
  const Replay& replay() const { return replay_; }

 private:
  PersistentClient client_;
  Replay replay_;
};

struct Scene {
  support::Stack stack{{.workers = 4, .environment = {}}};
  Agency agency{stack, make_account()};
  std::atomic<bool> done = false;
  std::atomic<int> kills = 0, verdicts = 0;

  std::string make_account() {
    stack.sql(
        "insert into plans (name, api_access, requests_per_minute, check_interval_s, webhooks) "
        "values ('roomy', true, 600, 3600, true)");
    stack.cli({"account", "add", "Model", "--plan", "roomy"});
    return "Model";
  }

  // Whatever a thread throws is a complaint: it must not end the process.
  std::thread start(const std::function<void()>& work) {
    return std::thread([this, work] {
      try {
        while (!done) work();
      } catch (const std::exception& error) {
        agency.complain(std::string("a thread ended: ") + error.what());
      }
    });
  }

  void kill_a_worker(std::mt19937& random) {
    sleep_ms(100 + static_cast<int>(random() % 200));
    const auto workers = stack.worker_pids(random() % 2 ? "bulk" : "api");
    if (!workers.empty() && ::kill(workers[random() % workers.size()], SIGKILL) == 0) ++kills;
  }

  void judge_a_link() {
    sleep_ms(30);
    stack.sql(
        "update links set status = case status when 'broken' then 'healthy' else 'broken' end,"
        " failure_mode = case status when 'broken' then null else 'not_found' end"
        " where (account_id, id) = (select account_id, links.id from links join accounts on accounts.id = account_id"
        " where accounts.name = 'Model' order by random() limit 1)");
    ++verdicts;
  }
};

std::string percent(const std::string& text) {
  return http::percent_encode(text);
}

struct Listed {
  std::set<std::string> ids;
  std::int64_t total = -1;
  bool exact = true;  // else there are at least as many
};

// All ids under a query, by cursor, and the total that the first page told.
Listed listed(PersistentClient& client, const std::string& query) {
  Listed found;
  std::string cursor;
  for (bool more = true; more;) {
    const auto page = client.get("/api/v1/links?limit=200" + query + cursor);
    if (found.total < 0) {
      found.total = integer_at(page, "total");
      found.exact = query.empty() || *at(page, "total_exact").as<bool>();
    }
    for (const auto& link : array_at(page, "links"))
      BOOST_TEST(found.ids.insert(text_at(link, "id")).second, query << ": twice");
    more = *at(page, "has_more").as<bool>();
    if (more) cursor = "&starting_after=" + text_at(array_at(page, "links").back(), "id");
  }
  return found;
}

using Fits = std::function<bool(const std::string& id, const ModelLink& link)>;

void compare_filter(PersistentClient& client, const Replayed& truth, const std::string& query, const Fits& fits) {
  std::set<std::string> expected;
  for (const auto& [id, link] : truth.links)
    if (fits(id, link)) expected.insert(id);
  const auto found = listed(client, query);
  BOOST_TEST((found.ids == expected), query << ": " << found.ids.size() << " links, not " << expected.size());
  const auto all = static_cast<std::int64_t>(expected.size());
  BOOST_TEST((found.exact ? found.total == all : found.total <= all),
             query << ": total " << found.total << " of " << all);
}

void compare_filters(PersistentClient& client, const Replayed& truth) {
  compare_filter(client, truth, "", [](auto&, auto&) { return true; });
  for (const std::string tag : {"audio", "Grün", "it's \"x\"", "none of them"})
    compare_filter(client, truth, "&tag=" + percent(tag), [&](auto&, const ModelLink& link) {
      return std::find(link.tags.begin(), link.tags.end(), tag) != link.tags.end();
    });
  for (const std::string program : {"Shop A", "Shop B"})
    compare_filter(client, truth, "&program=" + percent(program),
                   [&](auto&, const ModelLink& link) { return link.program == program; });
  for (const std::string status : {"pending", "broken", "healthy", "slow"})
    compare_filter(client, truth, "&status=" + status,
                   [&](const std::string& id, auto&) { return truth.statuses.at(id) == status; });
  compare_filter(client, truth, "&status=broken&tag=audio&sort=label",
                 [&](const std::string& id, const ModelLink& link) {
                   return truth.statuses.at(id) == "broken" &&
                          std::find(link.tags.begin(), link.tags.end(), "audio") != link.tags.end();
                 });
  compare_filter(client, truth, "&q=100%25_%5C",
                 [](auto&, const ModelLink& link) { return link.label.find("100%_\\") != std::string::npos; });
  compare_filter(client, truth, "&sort=-clicks_30d&q=shop3.EXAMPLE",
                 [](auto&, const ModelLink& link) { return link.url.find("shop3.example") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE(links_model)

BOOST_AUTO_TEST_CASE(parallel_clients_agree_with_the_api_whatever_dies) {
  Scene scene;
  Poller poller(scene.agency);
  const auto contested = [&] {
    support::Call call{.method = "POST", .target = "/api/v1/links", .headers = {}, .body = {}};
    call.headers.emplace_back("Content-Type", "application/json");
    call.body = R"({"label":"0","url":"https://shop.example/contested"})";
    return text_at(http::parse_json(poller.client().ask(call).reply.body), "id");
  }();
  std::vector<std::unique_ptr<ModelClient>> clients;
  for (unsigned i = 0; i < kClients; ++i) clients.push_back(std::make_unique<ModelClient>(scene.agency, i, contested));
  {
    std::mt19937 random(7);
    std::vector<std::thread> threads;
    for (auto& client : clients) threads.push_back(scene.start([&] { client->step(); }));
    threads.push_back(scene.start([&] { scene.kill_a_worker(random); }));
    threads.push_back(scene.start([&] { scene.judge_a_link(); }));
    threads.push_back(scene.start([&] {
      poller.poll();
      sleep_ms(10);
    }));
    sleep_ms(1000 * repeat(10, 300));
    scene.done = true;
    for (auto& thread : threads) thread.join();
  }
  while (poller.poll()) continue;
  for (const auto& complaint : scene.agency.complaints()) BOOST_ERROR(complaint);

  ModelClient::Tally sum;
  LinkModel known;
  std::set<std::string> sent = poller.client().request_ids();
  std::int64_t in_doubt = 0;
  for (const auto& client : clients) {
    const auto& tally = client->tally();
    sum.created += tally.created, sum.updated += tally.updated, sum.deleted += tally.deleted;
    sum.contested += tally.contested, sum.contested_in_doubt += tally.contested_in_doubt, sum.lost += tally.lost;
    sum.refused += tally.refused, sum.replayed += tally.replayed, sum.read += tally.read;
    known.insert(client->links().begin(), client->links().end());
    sent.insert(client->client().request_ids().begin(), client->client().request_ids().end());
    in_doubt += client->client().in_doubt();
  }
  const auto& truth = poller.replay().state();
  const auto counted = std::stoll(truth.links.at(contested).label);
  known[contested] = truth.links.at(contested);
  BOOST_TEST((truth.links == known), "events tell of " << truth.links.size() << " links, clients of " << known.size());
  const auto events = [&](const std::string& type) { return truth.events.contains(type) ? truth.events.at(type) : 0; };
  BOOST_TEST(events("link.created") == sum.created + 1);
  BOOST_TEST(events("link.deleted") == sum.deleted);
  BOOST_TEST(events("link.updated") == sum.updated + counted);
  BOOST_TEST(counted >= sum.contested);
  BOOST_TEST(counted <= sum.contested + sum.contested_in_doubt);
  BOOST_TEST(events("link.status_changed") > 0);
  BOOST_TEST(std::includes(sent.begin(), sent.end(), poller.replay().request_ids().begin(),
                           poller.replay().request_ids().end()));
  compare_filters(poller.client(), truth);
  for (const auto n : {sum.created, sum.updated, sum.deleted, sum.contested, sum.refused, sum.replayed, sum.read})
    BOOST_TEST(n > 10);
  BOOST_TEST(scene.kills > 10);
  BOOST_TEST_MESSAGE(sum.created << " links made, " << sum.updated << " changes, " << sum.deleted << " deleted, "
                                 << sum.replayed << " replays, " << sum.contested << " contested steps won, "
                                 << sum.lost << " lost, " << in_doubt << " requests of unknown fate, " << scene.kills
                                 << " workers killed, " << scene.verdicts << " verdicts: all agree");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace faults
