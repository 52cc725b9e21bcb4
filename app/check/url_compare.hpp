// When two URLs lead to the same: to one page, one host, one shop, one product.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/check/url.hpp"

namespace check {

using Segments = std::vector<std::string>;

// Of a path: decoded, lower case, without the empty ones and a session; at most 64.
Segments segments_of(std::string_view path);

// Without the locale in front and the index file at the end.
Segments plain_segments(const Url& url);

bool looks_like_id(std::string_view segment);

// The shortest path that says the same: lower case, no locale, no session, no index file, no slash at its end.
std::string plain_path(const Url& url);

// Same page, whatever the scheme, "www.", letter case, slash at the end, locale, and parameters that only track.
bool same_page(const Url& one, const Url& other);

// Whatever "www." and "m." stand before it.
bool same_host(const Url& one, const Url& other);

// One path is the other with more words in it, and both have the number of the product: "/dp/B0", "/lamp/dp/B0".
bool same_product_number(const Url& one, const Url& other);

// Hosts of one shop: the same site, or its name below another top-level domain.
bool same_shop(const Url& one, const Url& other);

}  // namespace check
