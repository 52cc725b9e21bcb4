#include "handlers/go_service.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "app/base/crypto.hpp"
#include "app/clicks/visitor.hpp"
#include "handlers/redirect.hpp"

namespace handlers {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// Look-ups a second for each worker: links that are not in the map yet are few, but without a map all are asked for.
constexpr double kLookups = 50;
constexpr double kLookupsWithoutMap = 500;
constexpr int kLookupsOfAnAddress = 60;  // a minute

constexpr const char* kLookupLocation = "/.go-miss";  // nginx/snippets/go.conf

std::uint64_t fingerprint(std::string_view address) {
  const auto digest = base::fast_digest("go-miss " + clicks::network_of(address));
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number;
}

// The status has to be below 300: nginx looks at error_page first.
http::Response look_it_up() {
  http::Response response;
  response.headers.emplace_back("X-Accel-Redirect", kLookupLocation);
  return response;
}

}  // namespace

bool GoService::Allowance::take(double per_second) {
  const base::Micros now = base::monotonic_micros();
  const double gained = static_cast<double>(now - filled_at_) * 1e-6 * per_second;
  tokens_ = std::min(tokens_ + gained, per_second);  // a second's worth at most
  filled_at_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

GoService::GoService(web::Shared shared) : rejected_(shared.rejected), slot_(shared.slot), visits_(shared.visits) {}

http::Response GoService::handle(const http::Request& request) noexcept {
  http::Response response;
  try {
    response = answer(request);
  } catch (...) {  // out of memory
    response.status = 500;
  }
  count(response.status);
  return response;
}

http::Response GoService::answer(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return no_redirect(405);
  const auto slug = slug_in(request.path);
  if (!slug) return no_redirect(404);
  if (const auto target = visits_.find(*slug)) return redirect(request, *target);
  slot_.map_misses.fetch_add(1, kRelaxed);
  return unknown(request);
}

// The answer first: then nothing that happens to the click can keep it from the visitor, and the map may be asked
// again.
http::Response GoService::redirect(const http::Request& request, const clicks::Target& target) {
  const auto [account_id, link_id, url] = target;
  http::Response response = redirect_to(url, request.query);
  if (counts(request)) visits_.record(request, account_id, link_id);
  visits_.count_redirect();
  return response;
}

http::Response GoService::unknown(const http::Request& request) {
  const bool map_complete = visits_.map_complete();
  if (may_ask(request, map_complete)) return look_it_up();
  return no_redirect(map_complete ? 404 : 503);  // 503: nobody can tell now whether there is such a link
}

bool GoService::may_ask(const http::Request& request, bool map_complete) {
  const auto decision = rejected_.charge(fingerprint(request.remote_addr), kLookupsOfAnAddress);
  if (map_complete && !decision.allowed) return false;
  return lookups_.take(map_complete ? kLookups : kLookupsWithoutMap);
}

void GoService::count(int status) {
  slot_.requests.fetch_add(1, kRelaxed);
  if (status >= 500)
    slot_.server_errors.fetch_add(1, kRelaxed);
  else if (status >= 400)
    slot_.client_errors.fetch_add(1, kRelaxed);
}

void GoService::tick(bool) {
  visits_.tick();
}

}  // namespace handlers
