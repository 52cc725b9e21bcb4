// What a page says of itself for machines: schema.org in JSON-LD and microdata, and the availability of Open Graph.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/check/html.hpp"

namespace check {

enum class Availability : std::uint8_t { unknown, available, gone };  // gone: out of stock, sold out, discontinued

struct StructuredProduct {
  std::string name;                                   // may be empty
  Availability availability = Availability::unknown;  // available, if one of its offers or variants is
};

struct StructuredData {
  std::vector<StructuredProduct> products;  // what the page is about: not related ones, not those of a list
  bool list = false;                        // it calls itself a list, a collection, or the results of a search
  bool article = false;
  Availability meta = Availability::unknown;  // of <meta property="product:availability">
};

StructuredData structured_data(const HtmlDocument& page);

// "https://schema.org/OutOfStock", "oos", "in stock" ...
Availability availability_of(std::string_view text);

}  // namespace check
