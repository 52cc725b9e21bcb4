#include "app/web/authorization.hpp"

#include "app/base/text.hpp"

namespace web {
namespace {

constexpr std::string_view kScheme = "bearer ";

}  // namespace

std::string_view bearer_token(std::string_view authorization) {
  if (authorization.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != kScheme[i]) return {};
  }
  return base::trim(authorization.substr(kScheme.size()));
}

}  // namespace web
