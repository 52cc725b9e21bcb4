// Where a chain left the way to the page that was meant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/check/landing.hpp"
#include "app/check/record.hpp"
#include "app/check/verdict.hpp"

namespace check {

struct WrongLanding {
  std::size_t hop = 0;  // whose redirect left the page
  Landing landing = Landing::home;
  std::string meant;
};

// The chain ended on a homepage, a category or a search, and a page of its own was meant. `chain`: the hops' URLs.
// `seen`: what the page at the end says that it is; nullopt: it does not say. `product`: it shows one; `one_product`:
// it shows that and no others, so that it is no category, whatever its URL looks like.
std::optional<WrongLanding> wrong_landing(const std::vector<Url>& chain, std::optional<Landing> seen, bool product,
                                          bool one_product, const Expectations& expectations);

// The permanent redirect that leads from one page of the shop at the end to another page of it.
// An affiliate program's hosts lead to others for good without any page having moved.
std::optional<std::size_t> moved_hop(const std::vector<Url>& chain, const Record& record,
                                     std::span<const db::Program> programs);

// The last hop that has the parameter, and is not the end.
std::optional<std::size_t> hop_that_lost(const std::vector<Url>& chain, std::string_view parameter);

std::optional<std::size_t> slowest_hop(const Record& record);

}  // namespace check
