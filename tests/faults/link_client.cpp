// What a ModelClient does.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "app/base/ids.hpp"
#include "app/http/json.hpp"
#include "tests/faults/link_model.hpp"

namespace faults {
namespace {

constexpr std::array<const char*, 4> kTags = {"audio", "Grün", "gifts", "it's \"x\""};
constexpr std::array<const char*, 3> kPrograms = {"Shop A", "Shop B", "Shop C"};

support::Call call_with(const std::string& method, const std::string& target, std::string body = {}) {
  support::Call call{.method = method, .target = target, .headers = {}, .body = std::move(body)};
  if (!call.body.empty()) call.headers.emplace_back("Content-Type", "application/json");
  return call;
}

support::Call matching(support::Call call, const std::string& tag) {
  call.headers.emplace_back("If-Match", tag);
  return call;
}

std::string link_path(const std::string& id) {
  return "/api/v1/links/" + id;
}

bool has_code(const support::Reply& reply, const std::string& code) {
  return reply.body.find("\"code\":\"" + code + '"') != std::string::npos;
}

bool replayed(const support::Reply& reply) {
  return reply.header("idempotency-replayed") == "true";
}

}  // namespace

void ModelClient::step() {
  struct Choice {
    int weight;
    void (ModelClient::*act)();
  };
  static constexpr std::array<Choice, 10> kChoices = {{{22, &ModelClient::create},
                                                       {4, &ModelClient::create_thrice_at_once},
                                                       {6, &ModelClient::create_badly},
                                                       {8, &ModelClient::replay},
                                                       {20, &ModelClient::update},
                                                       {9, &ModelClient::remove},
                                                       {8, &ModelClient::bulk},
                                                       {6, &ModelClient::contend},
                                                       {10, &ModelClient::read},
                                                       {7, &ModelClient::filter}}};
  int at = chance(100);
  for (const auto& choice : kChoices)
    if ((at -= choice.weight) < 0) return (this->*choice.act)();
}

bool ModelClient::expect(bool good, const std::string& what, const support::Reply& reply) {
  if (!good)
    agency_.complain("client " + std::to_string(number_) + ": " + what + ", but: " + std::to_string(reply.status) +
                     ' ' + reply.body.substr(0, 300));
  return good;
}

ModelLink ModelClient::random_link() {
  const auto name = std::to_string(number_) + '_' + std::to_string(++serial_);
  ModelLink link{.label = "Link " + name,
                 .url = "https://shop" + std::to_string(chance(5)) + ".example/p/" + name,
                 .slug = "model-" + name,
                 .program = {},
                 .tags = {"client " + std::to_string(number_)},
                 .fallback_url = {}};
  for (int i = chance(4); i > 0; --i) change(link);
  return link;
}

// The tag of this client stays, so that it can ask for its own links alone.
void ModelClient::change(ModelLink& link) {
  switch (chance(5)) {
    case 0:
      link.label = "Label " + std::to_string(chance(1000)) + (chance(2) ? " 100%_\\" : " Ä🎧");
      break;
    case 1:
      link.url += "?v=" + std::to_string(chance(1000));
      link.url.resize(std::min<std::size_t>(link.url.size(), 200));
      break;
    case 2:
      link.program = chance(3) ? std::optional<std::string>(kPrograms[static_cast<unsigned>(chance(3))]) : std::nullopt;
      break;
    case 3:
      link.tags.resize(1);
      if (chance(3)) link.tags.emplace_back(kTags[static_cast<unsigned>(chance(4))]);
      break;
    default:
      link.fallback_url = chance(2) ? std::optional<std::string>("https://fallback.example/") : std::nullopt;
  }
}

LinkModel::iterator ModelClient::pick() {
  return links_.empty() ? links_.end() : std::next(links_.begin(), chance(static_cast<int>(links_.size())));
}

support::Call ModelClient::post(const std::string& target, std::string body) {
  auto call = call_with("POST", target, std::move(body));
  call.headers.emplace_back("Idempotency-Key", base::format_uuid(base::random_uuid()));
  return client_.authorized(std::move(call));
}

void ModelClient::keep(const support::Call& call, const PersistentClient::Answer& answer) {
  expect(answer.doubt || !replayed(answer.reply), "the first answer is no replay", answer.reply);
  kept_.push_back({call, answer.reply});
}

void ModelClient::added(const support::Reply& reply, ModelLink wanted) {
  if (!expect(reply.status == 201, "the link is made: " + to_json(wanted, true), reply)) return;
  const auto link = http::parse_json(reply.body);
  if (wanted.slug.empty()) wanted.slug = text_at(link, "slug");
  expect(model_of(link) == wanted, "it is as asked: " + to_json(wanted, true), reply);
  links_[text_at(link, "id")] = wanted;
  ++tally_.created;
}

void ModelClient::create() {
  auto wanted = random_link();
  if (chance(2)) wanted.slug.clear();
  const auto call = post("/api/v1/links", to_json(wanted, !wanted.slug.empty()));
  const auto answer = client_.ask(call);
  added(answer.reply, wanted);
  keep(call, answer);
}

// One of them makes the link; the others are told to wait, or what the one was told.
void ModelClient::create_thrice_at_once() {
  auto wanted = random_link();
  wanted.slug.clear();
  const auto call = post("/api/v1/links", to_json(wanted, false));
  int first = 0;
  bool doubt = false;
  for (const auto& reply : client_.ask_at_once(call, 3)) {
    const bool told = reply.status == 201 || has_code(reply, "idempotency_in_progress");
    doubt |= !told;
    first += reply.status == 201 && !replayed(reply);
    if (reply.status < 500 && reply.status != 0) expect(told, "made, replayed or in progress", reply);
  }
  auto answer = client_.ask(call);
  expect(first <= 1, "one of three makes the link, not " + std::to_string(first), answer.reply);
  expect(doubt || answer.doubt || replayed(answer.reply), "the fourth is a replay", answer.reply);
  added(answer.reply, wanted);
  answer.doubt = true;
  keep(call, answer);
}

void ModelClient::create_badly() {
  auto wanted = random_link();
  std::string code = "slug_taken";
  if (const auto other = pick(); other != links_.end() && chance(2)) {
    wanted.slug = other->second.slug;
  } else {
    wanted.url = "https://user:secret@shop.example/";
    code = "invalid_link";
  }
  const auto call = post("/api/v1/links", to_json(wanted, true));
  const auto answer = client_.ask(call);
  expect(has_code(answer.reply, code), code, answer.reply);
  ++tally_.refused;
  keep(call, answer);
}

void ModelClient::replay() {
  if (kept_.empty()) return;
  const auto& [call, first] = kept_[static_cast<unsigned>(chance(static_cast<int>(kept_.size())))];
  if (chance(4) == 0) {
    auto other = call;
    other.body.insert(0, " ");
    const auto reply = client_.ask(other).reply;
    expect(reply.status == 422 && has_code(reply, "idempotency_key_reused"), "the key is another request's", reply);
    return;
  }
  const auto reply = client_.ask(call).reply;
  expect(replayed(reply) && reply.status == first.status && reply.body == first.body, "a replay of " + first.body,
         reply);
  ++tally_.replayed;
}

void ModelClient::update() {
  const auto at = pick();
  if (at == links_.end()) return;
  auto wanted = at->second;
  change(wanted);
  if (chance(8) == 0) wanted.slug = "model-" + std::to_string(number_) + "-again-" + std::to_string(++serial_);
  auto call = call_with("PATCH", link_path(at->first), to_json(wanted, true));
  const bool conditional = chance(3) == 0;
  if (conditional) call = matching(call, client_.ask(call_with("GET", link_path(at->first))).reply.header("etag"));
  const auto [reply, doubt] = client_.ask(call);
  const bool done_before = doubt && conditional && reply.status == 412;  // by the attempt whose answer was lost
  if (!expect(reply.status == 200 || done_before, "changed to " + to_json(wanted, true), reply)) return;
  if (!done_before)
    expect(model_of(http::parse_json(reply.body)) == wanted, "changed to " + to_json(wanted, true), reply);
  tally_.updated += at->second != wanted;
  at->second = wanted;
  const auto stale =
      client_.ask(matching(call_with("PATCH", link_path(at->first), R"({"label":"stale"})"), "\"stale\"")).reply;
  expect(stale.status == 412, "a stale tag fits nothing", stale);
}

void ModelClient::remove() {
  const auto at = pick();
  if (at == links_.end()) return;
  // nginx repeats a DELETE whose worker died, as it may: if that was after the commit, its client reads 404, and could
  // not tell. The events say afterwards that each link went once.
  const auto reply = client_.ask(call_with("DELETE", link_path(at->first))).reply;
  expect(reply.status == 204 || reply.status == 404, "deleted", reply);
  const auto again = client_.ask(call_with("DELETE", link_path(at->first))).reply;
  expect(again.status == 404, "deleted once", again);
  links_.erase(at);
  ++tally_.deleted;
}

// New links, and up to three of its own changed or deleted, all in one.
void ModelClient::bulk() {
  std::string items;
  const auto item = [&](const std::string& json) { items += (items.empty() ? "" : ",") + json; };
  std::vector<ModelLink> made(static_cast<unsigned>(1 + chance(4)));
  for (auto& link : made) {
    link = random_link();
    item(to_json(link, true));
  }
  LinkModel changed;
  for (int i = 0; i < 2; ++i)
    if (const auto at = pick(); at != links_.end()) changed.insert(*at);
  for (auto& [id, link] : changed) {
    change(link);
    item(R"({"action":"update","id":")" + id + "\"," + to_json(link, true).substr(1));
  }
  std::string gone;
  if (const auto at = pick(); at != links_.end() && !changed.contains(at->first)) {
    gone = at->first;
    item(R"({"action":"delete","id":")" + gone + "\"}");
  }
  const auto call = post("/api/v1/links/bulk", "{\"links\":[" + items + "]}");
  const auto answer = client_.ask(call);
  if (!expect(answer.reply.status == 200, "all is done", answer.reply)) return;
  const auto body = http::parse_json(answer.reply.body);
  const auto& results = array_at(body, "results");
  expect(integer_at(body, "failed") == 0 && results.size() == made.size() + changed.size() + !gone.empty(),
         "all is done", answer.reply);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto& link = at(results[i], "link");
    expect(model_of(link) == made[i], "made as asked: " + to_json(made[i], true), answer.reply);
    links_[text_at(link, "id")] = made[i];
    ++tally_.created;
  }
  for (const auto& [id, link] : changed) {
    tally_.updated += links_[id] != link;
    links_[id] = link;
  }
  tally_.deleted += static_cast<std::int64_t>(links_.erase(gone));
  keep(call, answer);
}

// Everybody counts up the one label, each from what it read: If-Match lets no step be lost.
void ModelClient::contend() {
  const auto seen = client_.ask(call_with("GET", link_path(contested_))).reply;
  if (!expect(seen.status == 200, "the contested link is there", seen)) return;
  const auto next = std::to_string(1 + std::stoll(text_at(http::parse_json(seen.body), "label")));
  const auto [reply, doubt] = client_.ask(
      matching(call_with("PATCH", link_path(contested_), R"({"label":")" + next + "\"}"), seen.header("etag")));
  expect(reply.status == 200 || reply.status == 412, "counted up, or too late", reply);
  if (reply.status == 200)
    ++tally_.contested;
  else
    ++(doubt ? tally_.contested_in_doubt : tally_.lost);
}

void ModelClient::read() {
  const auto at = pick();
  if (at == links_.end()) return;
  const auto reply = client_.ask(call_with("GET", link_path(at->first))).reply;
  if (expect(reply.status == 200, "it is there", reply))
    expect(model_of(http::parse_json(reply.body)) == at->second, "it is " + to_json(at->second, true), reply);
  ++tally_.read;
}

// Its own links in one list, right behind its own writes and amid those of others.
void ModelClient::filter() {
  const auto page = client_.get("/api/v1/links?limit=500&tag=client%20" + std::to_string(number_));
  const auto& links = array_at(page, "links");
  const auto total = static_cast<std::size_t>(integer_at(page, "total"));
  if (total != links_.size() || links.size() != std::min<std::size_t>(total, 500))
    agency_.complain("client " + std::to_string(number_) + " has " + std::to_string(links_.size()) +
                     " links, but: total " + std::to_string(total) + ", listed " + std::to_string(links.size()));
  for (const auto& link : links) {
    const auto mine = links_.find(text_at(link, "id"));
    if (mine == links_.end() || mine->second != model_of(link))
      agency_.complain("client " + std::to_string(number_) +
                       " is listed what is not so: " + to_json(model_of(link), true));
  }
}

}  // namespace faults
