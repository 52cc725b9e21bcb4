// What a click takes from headers that anybody can send.
#include "app/web/click_details.hpp"

#include "app/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

void check_id(std::string_view text) {
  bool digits = text.size() == 32;
  for (const char c : text) digits &= base::hex_value(c) >= 0;
  const db::Uuid id = web::click_id(text);
  const std::string written = base::hex({reinterpret_cast<const char*>(id.data()), id.size()});
  fuzz::require(!digits || written == lower(text), "a request's id is the click's");
}

void check_time(std::string_view text) {
  const std::int64_t time = web::click_time(text);
  fuzz::require(time >= 1'577'836'800'000'000 && time < 7'258'118'400'000'000, "a time from 2020 to 2199");
}

void check_host(std::string_view text) {
  const std::string_view host = web::host_of(text);
  fuzz::require(text.find(host) != std::string_view::npos, "a host stands in its URL");
  fuzz::require(host.find_first_of("/?#\\@") == std::string_view::npos, "a host holds no delimiter");
  fuzz::require(host.empty() || text.find("://") != std::string_view::npos, "no host without a scheme");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  check_id(text);
  check_time(text);
  check_host(text);
  return 0;
}
