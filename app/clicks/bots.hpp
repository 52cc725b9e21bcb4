// Which user agents are programs, by the words in them; and on what people's browsers run. The list is ours: look at it
// when `make clients` says that the public ones have moved on.
//
// A word counts where it begins behind anything but a letter or digit, and where no letter follows it: "curl" is in
// "curl/8.5" and "libcurl" is not. General words ("...bot", "...spider") count at the end of a word.
#pragma once

#include <string_view>

#include "app/clicks/record.hpp"

namespace clicks {

// Both want lower case.
bool names_a_bot(std::string_view user_agent);  // true if it is empty or blank
Device device_named_in(std::string_view user_agent);

}  // namespace clicks
