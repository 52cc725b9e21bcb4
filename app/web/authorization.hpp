// The Authorization header (RFC 9110, section 11.6.2).
#pragma once

#include <string_view>

namespace web {

// The key of a "Bearer" header (RFC 6750; the scheme in any case); empty if there is none.
std::string_view bearer_token(std::string_view authorization);

}  // namespace web
