#include "handlers/monitors.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "app/base/clock.hpp"
#include "app/http/json.hpp"
#include "handlers/session_view.hpp"

namespace handlers {
namespace {

// One that reaches somebody is enough for links to be checked.
std::optional<std::int64_t> nobody_reached_s(const std::vector<db::MonitorAtWork>& monitors) {
  if (monitors.empty()) return std::nullopt;
  auto shortest = std::numeric_limits<std::int64_t>::max();
  for (const auto& monitor : monitors) {
    if (!monitor.reaches_nobody_s) return std::nullopt;
    shortest = std::min(shortest, *monitor.reaches_nobody_s);
  }
  return shortest;
}

}  // namespace

http::Response monitors_state(const http::Request&, web::Context& context) {
  const auto monitors = context.database.monitors().at_work();
  const auto nobody_s = nobody_reached_s(monitors);
  http::JsonWriter json;
  json.begin_object();
  json.key("at_work").integer(static_cast<std::int64_t>(monitors.size()));
  json.key("reaches_nobody_since");
  nobody_s ? json.string(base::format_utc(context.now - *nobody_s)) : json.null();
  json.end_object();
  return private_answer(200, json.take());
}

}  // namespace handlers
