// What kind of page a URL leads to, by the URL alone: a page of its own, or one that shops send visitors to when the
// page of its own is gone.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/check/url.hpp"

namespace check {

enum class Landing : std::uint8_t { page, home, category, search, missing };  // missing: "/404"

Landing landing_of(const Url& url);
std::string_view landing_name(Landing landing);  // "the homepage" ...

// It names a product, and is no redirector's: "/product/blue-widget", "/dp/B000", "/blue-widget-2.html".
bool names_product(const Url& url);

// More certain than that: "/product/x", "/nike-air-1242.html".
bool holds_product_id(const Url& url);

// A redirector's path or host: "/go/x", "/out.php?id=1", bit.ly, track.shop.example.
bool is_redirector(const Url& url);

// "/3xYz12": a shortener's, or a page with a short name.
bool is_short_code(const Url& url);

}  // namespace check
