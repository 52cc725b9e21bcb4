#include "app/check/report.hpp"

#include <algorithm>

#include "app/base/text.hpp"
#include "app/http/json.hpp"

namespace check {
namespace {

// PostgreSQL's JSON has no NUL.
std::string clean(std::string_view text) {
  std::string result = base::replace_bad_utf8(text);
  std::erase(result, '\0');
  return result;
}

template <typename Text>
void write_text(http::JsonWriter& json, const std::optional<Text>& text) {
  text ? json.string(clean(*text)) : json.null();
}

void write_status(http::JsonWriter& json, const std::optional<int>& status) {
  status ? json.integer(*status) : json.null();
}

void write_hops(http::JsonWriter& json, const Record& record) {
  json.begin_array();
  for (const auto& hop : record.hops) {
    json.begin_object();
    json.key("url").string(clean(hop.url));
    write_status(json.key("http_status"), hop.http_status);
    json.key("kind").string(hop_kind_name(hop.kind));
    write_text(json.key("location"), hop.location);
    json.key("duration_ms").integer(hop.duration.count());
    json.end_object();
  }
  json.end_array();
}

void write_evidence(http::JsonWriter& json, const Evidence& evidence) {
  json.begin_object();
  json.key("summary").string(clean(evidence.summary));
  json.key("hop");
  evidence.hop ? json.integer(static_cast<std::int64_t>(*evidence.hop)) : json.null();
  json.key("detail").string(clean(evidence.detail));
  json.end_object();
}

}  // namespace

std::string hops_json(const Record& record) {
  http::JsonWriter json;
  write_hops(json, record);
  return json.take();
}

std::string evidence_json(const Evidence& evidence) {
  http::JsonWriter json;
  write_evidence(json, evidence);
  return json.take();
}

std::string report_json(std::string_view asked, const Record& record, const Verdict& verdict) {
  http::JsonWriter json;
  json.begin_object();
  json.key("url").string(clean(asked));
  write_text(json.key("status"), verdict.status ? std::optional(db::status_name(*verdict.status)) : std::nullopt);
  json.key("outcome").string(outcome_name(verdict.outcome));
  write_text(json.key("failure_mode"),
             verdict.failure_mode ? std::optional(failure_mode_name(*verdict.failure_mode)) : std::nullopt);
  json.key("final_url").string(clean(record.hops.back().url));
  write_status(json.key("http_status"), record.hops.back().http_status);
  json.key("duration_ms").integer(record.duration.count());
  write_hops(json.key("hops"), record);
  write_evidence(json.key("evidence"), verdict.evidence);
  json.end_object();
  return json.take();
}

}  // namespace check
