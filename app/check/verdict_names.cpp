// What verdicts are called where they are told.
#include <array>

#include "app/check/verdict.hpp"

namespace check {

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::conclusive:
      return "conclusive";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::refused:
      return "refused";
  }
  return "inconclusive";
}

std::string_view failure_mode_name(FailureMode mode) {
  static constexpr std::array<std::string_view, 12> kNames{
      "not_found",   "silent_redirect", "tag_dropped",   "js_redirect",  "soft_404", "out_of_stock",
      "unreachable", "tls_error",       "redirect_loop", "server_error", "moved",    "slow"};
  return kNames[static_cast<std::size_t>(mode)];
}

}  // namespace check
