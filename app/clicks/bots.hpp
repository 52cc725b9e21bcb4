// Which user agents are programs; and on what people's browsers run. bot_names.hpp is the list; look at it when `make
// clients` says that the public ones have moved on.
//
// A program is who names itself as one (a name of the list, "...bot", "...crawler"), gives an address to complain to,
// or does not even say what it runs on, as every browser does. A name counts where it begins behind anything but a
// letter or digit, and where no letter follows it: "curl" is in "curl/8.5" and not in "curlew". Where an Android tells
// its device nothing counts: there are phones called "M bot 54". Doubt is a person's: browsers inside of apps, old
// phones and television sets are people's.
#pragma once

#include <string_view>

#include "app/clicks/record.hpp"

namespace clicks {

// Both want lower case.
bool names_a_bot(std::string_view agent);  // true if it is empty or blank
Device device_named_in(std::string_view agent);

}  // namespace clicks
