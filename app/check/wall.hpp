// Answers that say nothing of the link: robots kept out, and what stands before a page.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/check/page.hpp"
#include "app/check/record.hpp"
#include "app/check/url.hpp"

namespace check {

// Why the page was not seen, for people; `detail` is what told it.
struct Wall {
  std::string what;
  std::string detail;
};

std::optional<Wall> wall_of(const Record& record, const Page& page, const Url& asked, const Url& end);

}  // namespace check
