// Links as a client of the API knows them, and a client that keeps such a model while it creates, changes, deletes and
// reads at random, sends things twice, and asks again when a worker died under a request.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "app/http/json_value.hpp"
#include "tests/support/https_client.hpp"
#include "tests/support/stack.hpp"

namespace faults {

struct ModelLink {
  std::string label, url, slug;
  std::optional<std::string> program;
  std::vector<std::string> tags;
  std::optional<std::string> fallback_url;

  bool operator==(const ModelLink&) const = default;
};

using LinkModel = std::map<std::string, ModelLink>;  // by id

// Of a JSON object, which must have the member; throws std::runtime_error.
const http::JsonValue& at(const http::JsonValue& object, std::string_view name);
const std::string& text_at(const http::JsonValue& object, std::string_view name);
std::int64_t integer_at(const http::JsonValue& object, std::string_view name);
const http::JsonArray& array_at(const http::JsonValue& object, std::string_view name);
ModelLink model_of(const http::JsonValue& link);
std::ostream& operator<<(std::ostream& out, const ModelLink& link);

// What all clients share: the instance, the account, and keys whose limits never get in the way.
class Agency {
 public:
  Agency(support::Stack& stack, std::string account) : stack_(stack), account_(std::move(account)) {}

  support::Stack& stack() { return stack_; }
  std::string new_key();
  void complain(const std::string& what);  // kept for the test's thread: Boost.Test is not for several
  std::vector<std::string> complaints();

 private:
  support::Stack& stack_;
  std::string account_;
  std::mutex mutex_;
  std::vector<std::string> complaints_;
};

// Asks with keys of its own, and again when a request's fate is not known.
class PersistentClient {
 public:
  explicit PersistentClient(Agency& agency)
      : agency_(agency), https_(agency.stack().base_url(), agency.stack().ca_file()) {}

  struct Answer {
    support::Reply reply;
    bool doubt = false;  // an earlier attempt may have been carried out
  };
  support::Call authorized(support::Call call);  // unless it is
  Answer ask(const support::Call& call);
  std::vector<support::Reply> ask_at_once(const support::Call& call, int times);
  http::JsonValue get(const std::string& target);  // throws unless it is 200

  const std::set<std::string>& request_ids() const { return request_ids_; }  // of all that was sent
  std::int64_t in_doubt() const { return in_doubt_; }

 private:
  support::Call identified(const support::Call& call);

  Agency& agency_;
  support::HttpsClient https_;
  std::string key_;
  int left_ = 0;  // requests until the key is changed
  std::set<std::string> request_ids_;
  std::int64_t in_doubt_ = 0;
};

// One of several: no two change the same links, but for the contested one.
class ModelClient {
 public:
  struct Tally {
    std::int64_t created = 0, updated = 0, deleted = 0;  // events that must be there
    std::int64_t contested = 0, contested_in_doubt = 0, lost = 0;
    std::int64_t refused = 0, replayed = 0, read = 0;
  };

  ModelClient(Agency& agency, unsigned number, std::string contested_id)
      : agency_(agency), number_(number), contested_(std::move(contested_id)), client_(agency), random_(number) {}

  void step();  // one operation at random

  const LinkModel& links() const { return links_; }
  const Tally& tally() const { return tally_; }
  const PersistentClient& client() const { return client_; }

 private:
  struct Kept {  // a POST with an Idempotency-Key, and how it was answered
    support::Call call;
    support::Reply reply;
  };

  void create();
  void create_thrice_at_once();
  void create_badly();
  void replay();
  void update();
  void remove();
  void bulk();
  void contend();
  void read();
  void filter();

  int chance(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  ModelLink random_link();
  void change(ModelLink& link);
  LinkModel::iterator pick();
  support::Call post(const std::string& target, std::string body);
  void keep(const support::Call& call, const PersistentClient::Answer& answer);
  void added(const support::Reply& reply, ModelLink wanted);
  bool expect(bool good, const std::string& what, const support::Reply& reply);

  Agency& agency_;
  unsigned number_;
  std::string contested_;
  PersistentClient client_;
  std::mt19937 random_;
  int serial_ = 0;
  LinkModel links_;
  std::vector<Kept> kept_;
  Tally tally_;
};

std::string to_json(const ModelLink& link, bool with_slug);

}  // namespace faults
