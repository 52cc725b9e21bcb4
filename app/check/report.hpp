// Checks as JSON: what the command line prints, and what is kept of each and shown by the API. Strings from outside are
// made valid here.
#pragma once

#include <string>

#include "app/check/record.hpp"
#include "app/check/verdict.hpp"

namespace check {

// [{"url", "http_status" (or null), "kind", "location" (or null), "duration_ms"}, ...]
std::string hops_json(const Record& record);

// {"summary", "hop" (an index, or null), "detail"}
std::string evidence_json(const Evidence& evidence);

// {"url", "status", "outcome", "failure_mode", "final_url", "http_status", "duration_ms", "hops", "evidence"}
std::string report_json(std::string_view asked, const Record& record, const Verdict& verdict);

}  // namespace check
