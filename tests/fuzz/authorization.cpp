// The Authorization header: whatever it holds, what comes out is a trimmed piece of it.
#include "app/web/authorization.hpp"

#include "app/base/api_key.hpp"
#include "app/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header = fuzz::text(data, size);
  const std::string_view token = web::bearer_token(header);
  fuzz::require(token.empty() || header.ends_with(token) || base::trim(header).ends_with(token), "the header's end");
  fuzz::require(base::trim(token) == token, "without spaces around it");
  fuzz::require(token.size() + 7 <= header.size() || token.empty(), "behind the scheme");
  fuzz::require(base::last_four(token).size() <= 4, "at most four characters to show");
  return 0;
}
