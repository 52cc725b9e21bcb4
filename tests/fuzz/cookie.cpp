// The Cookie header: whatever it holds, what comes out is the value behind our cookie's name, without a second look.
#include "app/base/token.hpp"
#include "app/web/session_cookie.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header = fuzz::text(data, size);
  const auto value = web::session_cookie(header);
  if (!value) return 0;
  constexpr std::string_view kName = "__Host-ql_session=";
  const auto at = static_cast<std::size_t>(value->data() - header.data());
  fuzz::require(at <= header.size() && at + value->size() <= header.size(), "a piece of the header");
  fuzz::require(header.substr(0, at).ends_with(kName), "behind its name");
  fuzz::require(value->find(';') == std::string_view::npos, "no other cookie in it");
  if (base::well_formed_token(*value))
    fuzz::require(web::keep_session_cookie(*value, 1).find(*value) == kName.size(), "the same when it is sent back");
  return 0;
}
