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
struct Arrival {
  std::optional<Landing> seen;  // what the page at the end says that it is; nullopt: it does not say
  bool product = false;         // it shows one;
  bool one_product = false;     // that and no others, so that it is no category, whatever its URL looks like
  bool many_prices = false;     // and nothing to buy: it looks like a list of products
};
std::optional<WrongLanding> wrong_landing(const std::vector<Url>& chain, const Arrival& arrival,
                                          const Expectations& expectations);

// The permanent redirect that leads from one page of the shop at the end to another page of it.
// An affiliate program's hosts lead to others for good without any page having moved.
std::optional<std::size_t> moved_hop(const std::vector<Url>& chain, const Record& record,
                                     std::span<const db::Program> programs);

// The last hop that has the parameter, and is not the end.
std::optional<std::size_t> hop_that_lost(const std::vector<Url>& chain, std::string_view parameter);

std::optional<std::size_t> slowest_hop(const Record& record);

}  // namespace check
