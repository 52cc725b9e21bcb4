// UUIDs, API keys, request ids, times, integers: what is accepted is written back the same.
#include <stdexcept>

#include "app/base/api_key.hpp"
#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

void check_time(const std::string& text) {
  try {
    const std::string written = base::format_utc(base::parse_utc(text));
    fuzz::require(written == text || written == text + "T00:00:00Z", "a time is written as it was read");
  } catch (const std::invalid_argument&) {
    return;  // not a time
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text(data, size));
  if (const auto id = base::parse_uuid(text)) fuzz::require(base::format_uuid(*id) == lower(text), "UUID round trip");
  if (base::well_formed_api_key(text)) fuzz::require(text.size() == base::kApiKeyLength, "a key's length");
  if (base::valid_request_id(text)) fuzz::require(base::valid_utf8(text) && text.size() <= 128, "a sane request id");
  if (const auto number = base::parse_int(text))
    fuzz::require(base::parse_int(std::to_string(*number)) == number, "integer round trip");
  check_time(text);
  return 0;
}
