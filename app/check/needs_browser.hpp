// Which pages are worth a browser: those that nothing but their scripts can lead on, or fill.
#pragma once

#include "app/check/record.hpp"

namespace check {

// The chain has ended with status 200 at a whole HTML page that has a script (or an onload of its body) and shows next
// to nothing: at most 600 bytes of text, no product, list or article in its data for machines, nothing to put into a
// cart, and no password asked for.
bool needs_browser(const Record& record);

}  // namespace check
