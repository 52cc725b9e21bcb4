#include "tests/faults/visitors.hpp"

#include <algorithm>
#include <utility>

#include "tests/support/https_client.hpp"

namespace faults {
namespace {

constexpr const char* kBrowser =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

bool is_request_id(const std::string& id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

// A client, made anew for each request if so wanted.
class VisitorConnection {
 public:
  VisitorConnection(const ClickInstance& instance, const VisitorOptions& options)
      : instance_(instance), options_(options) {}

  support::HttpsClient& client(long number) {
    if (options_.fresh_connections || options_.unknown_links || !client_)
      client_ = std::make_unique<support::HttpsClient>(instance_.base_url(), instance_.ca_file(), address(number));
    return *client_;
  }

 private:
  // Look-ups are limited by address.
  std::string address(long number) const {
    if (!options_.unknown_links) return "127.0.0.1";
    return "127." + std::to_string(1 + number % 200) + '.' + std::to_string(number / 200 % 200) + ".1";
  }

  const ClickInstance& instance_;
  const VisitorOptions& options_;
  std::unique_ptr<support::HttpsClient> client_;
};

std::atomic<long> Visitors::next_{0};

Visitors::Visitors(const ClickInstance& instance, VisitorOptions options)
    : instance_(instance), options_(options), first_(next_) {
  for (int i = 0; i < options_.connections; ++i) threads_.emplace_back([this] { visitor(); });
}

Visitors::~Visitors() {
  stop();
}

void Visitors::visitor() {
  VisitorConnection connection(instance_, options_);
  while (!stopping_) {
    ++in_flight_;
    if (paused_) {
      --in_flight_;
      sleep_ms(1);
      continue;
    }
    Visit visit = follow(connection);
    --in_flight_;
    {
      const std::lock_guard lock(mutex_);
      visits_.push_back(std::move(visit));
    }
    sleep_ms(options_.pause_ms);
  }
}

Visit Visitors::follow(VisitorConnection& connection) {
  Visit visit;
  visit.number = next_++;
  visit.link = choose_link(visit.number);
  const Link& link = instance_.links()[visit.link];
  support::Call call = support::get("/go/" + link.slug);
  call.headers = {{"User-Agent", kBrowser},
                  {"Referer", "https://r" + std::to_string(visit.number) + ".example/page?x=1"}};
  visit.at = Clock::now();
  const support::Reply reply = connection.client(visit.number).send(call);
  visit.milliseconds = reply.seconds * 1000;
  visit.status = reply.status;
  visit.id = reply.header("x-request-id");
  if (reply.status == 0) {
    visit.error = reply.error;
  } else if (reply.status != 302) {
    visit.error = std::to_string(reply.status);
  } else if (reply.header("location") != link.url) {
    visit.error = "wrong Location";
  } else if (!is_request_id(visit.id)) {
    visit.error = "wrong X-Request-Id";
  }
  visit.right = visit.error.empty();
  return visit;
}

std::size_t Visitors::choose_link(long number) const {
  const auto known = static_cast<std::size_t>(instance_.options().links);
  const auto unknown = static_cast<std::size_t>(instance_.options().unknown_links);
  const auto at = static_cast<std::size_t>(number);
  return options_.unknown_links ? known + at % unknown : at % known;
}

void Visitors::pause() {
  paused_ = true;
  wait_until([&] { return in_flight_ == 0; }, 60);
}

void Visitors::resume() {
  paused_ = false;
}

std::vector<Visit> Visitors::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(visits_, {});
}

std::vector<Visit> Visitors::stop() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  return take();
}

double percentile_ms(std::vector<Visit> visits, double share) {
  if (visits.empty()) return 0;
  const auto nth = visits.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(visits.size() - 1));
  std::nth_element(visits.begin(), nth, visits.end(),
                   [](const Visit& a, const Visit& b) { return a.milliseconds < b.milliseconds; });
  return nth->milliseconds;
}

std::map<std::string, long> failures(const std::vector<Visit>& visits) {
  std::map<std::string, long> found;
  for (const auto& visit : visits)
    if (!visit.right) ++found[visit.error];
  return found;
}

}  // namespace faults
