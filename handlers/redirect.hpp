// The redirect itself: what a visitor is answered, and what the click says of the visit. Knows no map, no journal and
// no database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/clicks/link_map.hpp"
#include "app/clicks/record.hpp"
#include "app/http/request.hpp"
#include "app/http/response.hpp"

namespace handlers {

// The slug of "/go/{slug}", [A-Za-z0-9_-]{1,64}, from the raw path; nullopt: it is none.
std::optional<std::string_view> slug_in(std::string_view path);

// The destination with the visit's parameters added that it does not have itself. Names are compared as a browser's
// URLSearchParams would after decoding, without regard to ASCII case, arrays ("a[]") by the part before the bracket.
// Bounded: see kMaxLocation.
inline constexpr std::size_t kMaxLocation = 8192;  // bytes; parameters that do not fit are left out, whole
std::string pass_query(std::string_view destination, std::string_view query);

http::Response redirect_to(std::string_view destination, std::string_view query);  // 302, see product.md

// Anything but a redirect: nginx shows people its own page for the status (snippets/go-visit.conf).
inline http::Response no_redirect(int status) {
  return {.status = status, .headers = {}, .body = {}};
}

// Whether the visit is to be counted: a GET that is no prefetch and not our own monitor's.
bool counts(const http::Request& request);

}  // namespace handlers
