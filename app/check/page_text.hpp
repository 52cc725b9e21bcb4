// The text of a page, or of a part of it, as a visitor reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/check/html.hpp"

namespace check {

// Whether a browser with scripts shows nothing of it, or nothing in the page itself: scripts, styles, <head>, what is
// hidden by an attribute.
bool is_unseen(const HtmlNode& node);

// Of a node and all inside it, runs of spaces as one, at most `max_bytes`, and of the first `max_nodes` in it.
std::string visible_text(const HtmlDocument& page, std::size_t node, std::size_t max_bytes,
                         std::size_t max_nodes = SIZE_MAX);

}  // namespace check
