// Slugs for links that come without one.
#pragma once

#include <string>

namespace links {

// After this many that turned out to be taken, something else is wrong.
inline constexpr int kSlugAttempts = 8;

std::string random_slug();  // 7 of A-Z, a-z and 0-9: 3.5e12 of them, so a collision is rare, and then another is tried

}  // namespace links
