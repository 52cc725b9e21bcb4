// Query parameters by what they are for, where no program's table says it.
#pragma once

#include <string_view>

#include "app/check/url.hpp"

namespace check {

// Says by whom a visitor was sent, in the links of an affiliate: "tag", "aff_id", "ref" ...; any letter case.
bool is_affiliate_name(std::string_view name);

// Such a name that shops also use within their own pages, so that losing it says little: "ref", "partner", "via".
bool is_weak_name(std::string_view name);

// A value of those that means a place of the site, and nobody who is paid: "nav", "homepage", "sr_1_3".
bool is_own_value(std::string_view value);

// A network's mark of one click, new each time: "irclickid", "awc", "cjevent" ...
bool is_click_name(std::string_view name);

// Makes no difference to what the page shows: all of those, campaign names, session ids.
bool only_tracks(std::string_view name);

// `word` stands in `text` between what is neither letter nor digit.
bool holds_word(std::string_view text, std::string_view word);

}  // namespace check
