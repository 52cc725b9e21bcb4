// The verdict on a link: what the recorded chain and page say about whether it still earns. A pure function; the corpus
// in tests/verdicts shows what it makes of which case.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/check/record.hpp"
#include "db/model.hpp"

namespace check {

enum class Outcome : std::uint8_t { conclusive, inconclusive, refused };

enum class FailureMode : std::uint8_t {
  not_found,
  silent_redirect,
  tag_dropped,
  js_redirect,
  soft_404,
  out_of_stock,
  unreachable,
  tls_error,
  redirect_loop,
  server_error,
  moved,
  slow
};

// What is known of the link beforehand.
struct Expectations {
  std::optional<std::string> baseline;       // where the last healthy check ended
  bool accepted = false;                     // a person accepted that baseline: ending there again is no redirect
  std::optional<std::string> final_host;     // the link's own: it has to end there, or below it
  std::optional<std::string> tag_parameter;  // the link's own: has to be in the URL that it ends at
  std::optional<std::string> program;        // the link's; none: recognised by the hosts of the chain
  std::span<const db::Program> programs;
  Milliseconds slow_after{3000};
};

// For people, and for who draws the chain.
struct Evidence {
  std::string summary;             // a sentence
  std::optional<std::size_t> hop;  // the one at fault: whose redirect lost the thing, or whose answer was wrong
  std::string detail;              // what was seen: a phrase, a parameter, an error; may be empty
};

struct Verdict {
  Outcome outcome = Outcome::inconclusive;
  std::optional<db::LinkStatus> status;     // none unless conclusive
  std::optional<FailureMode> failure_mode;  // none: healthy, or nothing was concluded
  bool permanent = false;                   // a single re-check confirms it
  Evidence evidence;
};

// `asked` is the link's URL; the record's first hop may spell it otherwise.
Verdict judge(std::string_view asked, const Record& record, const Expectations& expectations);

std::string_view outcome_name(Outcome outcome);        // conclusive ...
std::string_view failure_mode_name(FailureMode mode);  // not_found ...

}  // namespace check
