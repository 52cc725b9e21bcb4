// Follows what a publisher is paid by through the hops of a chain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/check/url.hpp"
#include "app/check/verdict.hpp"

namespace check {

struct LostTag {
  std::size_t hop = 0;       // whose redirect lost it
  std::string parameter;     // "tag=pub-20", "awc"
  bool changed = false;      // it arrives with another value: somebody else is paid
  bool never_given = false;  // the program's host led on without what it should add
};

// `chain`: the hops' URLs.
std::optional<LostTag> lost_tag(const std::vector<Url>& chain, const Expectations& expectations,
                                const std::vector<Hop>& hops);  // the chain's

// Of the hosts of one program; nullptr: none.
const db::Program* program_of(const Url& url, std::span<const db::Program> programs);

}  // namespace check
