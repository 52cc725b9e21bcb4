// What the page at the end of a chain says of itself, for people and for machines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/check/html.hpp"
#include "app/check/structured_data.hpp"

namespace check {

// A short text of its own: a line, a button, a badge. Lower case, spaces as one.
struct Label {
  std::string text;
  std::size_t offset = 0;  // in the page's main text
  std::size_t size = 0;    // bytes there, of a row all of it
  bool control = false;    // a button
  bool headline = false;
  bool row = false;           // of a list or a table
  bool stock = false;         // its class or id speaks of stock or availability
  bool availability = false;  // its id is just that
};

struct Page {
  std::string title;                  // all texts in lower case, where that is ASCII
  std::vector<std::string> headings;  // h1, at most 5
  std::string first_heading2;         // of the main part
  std::string text;                   // the main part: without navigation, footer, related products, comments
  std::size_t heading_offset = 0;     // of the first h1 in `text`; 0: none
  std::size_t prose = 0;              // bytes of its long paragraphs
  std::vector<Label> labels;          // of the main part
  std::string og_type;
  StructuredData data;
  int cart_controls = 0;               // that add to a cart, and are not disabled
  std::size_t first_cart = SIZE_MAX;   // where in `text` the first of them stands
  int prices = 0;                      // labels that are a price
  std::size_t first_price = SIZE_MAX;  // likewise
  bool asks_password = false;
  bool has_scripts = false;
  bool empty = false;  // nothing was answered at all
};

Page read_page(const HtmlDocument& html);

}  // namespace check
