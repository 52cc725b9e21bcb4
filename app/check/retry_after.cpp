#include "app/check/retry_after.hpp"

#include <algorithm>

#include <curl/curl.h>

#include "app/base/text.hpp"

namespace check {
namespace {

constexpr std::int64_t kMostSeconds = 3600;

}  // namespace

std::optional<Milliseconds> retry_after(const Record& record, std::int64_t unix_now) {
  const int status = record.hops.empty() ? 0 : record.hops.back().http_status.value_or(0);
  if (record.ending != Ending::answered || (status != 429 && status != 503)) return std::nullopt;
  const auto header = std::find_if(record.headers.begin(), record.headers.end(),
                                   [](const Header& one) { return one.name == "retry-after"; });
  if (header == record.headers.end()) return std::nullopt;
  auto seconds = base::parse_int(header->value);
  if (!seconds) {
    const auto date = curl_getdate(header->value.c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = date - unix_now;
  }
  return Milliseconds(std::clamp<std::int64_t>(*seconds, 0, kMostSeconds) * 1000);
}

}  // namespace check
