// Query strings: either refused as a problem that can be said, or decoded to clean text.
#include "app/http/query.hpp"

#include "app/base/text.hpp"
#include "app/http/problem.hpp"
#include "handlers/paging.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  try {
    const http::Query query(text);
    const handlers::Paging paging = handlers::parse_paging(query);
    fuzz::require(paging.limit >= 1 && paging.limit <= handlers::kLargestLimit, "a limit from 1 to the largest");
    fuzz::require(paging.offset >= 0, "no negative offset");
    for (const char* name : {"status", "a", ""})
      if (const std::string* value = query.find(name))
        fuzz::require(base::valid_utf8(*value) && value->find('\0') == std::string::npos, "clean UTF-8");
  } catch (const http::Problem& problem) {
    fuzz::require(problem.status() == 400, "a refusal is a 400");
    http::render(problem, "https://x", "request-id");
  }
  const auto decoded = http::percent_decode(http::percent_encode(text), size % 2 == 0);
  fuzz::require(decoded == text, "what is encoded is decoded to the same bytes");
  return 0;
}
