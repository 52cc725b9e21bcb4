// If-None-Match: never an error, bounded, and no tag with a quote in it.
#include "app/http/etag.hpp"

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(fuzz::text(data, size));
  const http::IfNoneMatch condition = http::parse_if_none_match(header);
  fuzz::require(condition.tags.size() <= 32, "at most 32 tags");
  for (const std::string& tag : condition.tags) {
    fuzz::require(header.find('"' + tag + '"') != std::string::npos, "a tag stands in the header, in quotes");
    fuzz::require(tag.find('"') == std::string::npos, "no quote within a tag");
    fuzz::require(condition.matches(tag), "a listed tag matches");
  }
  return 0;
}
