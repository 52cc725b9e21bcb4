#include "app/links/slugs.hpp"

#include <string_view>

#include "app/base/crypto.hpp"

namespace links {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSlugLength = 7;

}  // namespace

std::string random_slug() {
  std::string slug(kSlugLength, '\0');
  for (char& c : slug) c = kBase62[base::random_below(static_cast<std::uint32_t>(kBase62.size()))];
  return slug;
}

}  // namespace links
