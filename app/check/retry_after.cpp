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
  const std::string* told = header(record.headers, "retry-after");
  if (told == nullptr) return std::nullopt;
  auto seconds = base::parse_int(*told);
  if (!seconds) {
    const auto date = curl_getdate(told->c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = date - unix_now;
  }
  return Milliseconds(std::clamp<std::int64_t>(*seconds, 0, kMostSeconds) * 1000);
}

}  // namespace check
