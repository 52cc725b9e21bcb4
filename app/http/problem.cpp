#include "app/http/problem.hpp"

#include "app/base/text.hpp"
#include "app/http/json.hpp"

namespace http {

// Details may quote what the client sent, so that they are cleaned here: an error must always be sayable.
void write_errors(JsonWriter& json, const Problem& problem) {
  if (problem.errors().empty()) return;
  json.key("errors").begin_array();
  for (const FieldError& error : problem.errors()) {
    json.begin_object().key("detail").string(base::replace_bad_utf8(error.detail));
    const bool in_query = !error.parameter.empty();  // else in the body, and "" points at all of it
    json.key(in_query ? "parameter" : "pointer");
    json.string(base::replace_bad_utf8(in_query ? error.parameter : error.pointer));
    json.end_object();
  }
  json.end_array();
}

Problem::Problem(int status, std::string code, std::string detail)
    : std::runtime_error(code + ": " + detail), status_(status), code_(std::move(code)), detail_(std::move(detail)) {}

Problem& Problem::with(FieldError error) {
  errors_.push_back(std::move(error));
  return *this;
}

Problem& Problem::with_header(std::string name, std::string value) {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Problem& Problem::for_log(std::string detail) {
  log_detail_ = std::move(detail);
  return *this;
}

std::string_view Problem::title() const {
  return status_ == 500 ? "Internal Error" : reason_phrase(status_);
}

Response render(const Problem& problem, std::string_view public_url, std::string_view request_id) {
  JsonWriter json(512);
  json.begin_object();
  json.key("type").string(std::string(public_url) + "/docs/errors#" + problem.code());
  json.key("title").string(problem.title());
  json.key("status").integer(problem.status());
  json.key("detail").string(base::replace_bad_utf8(problem.detail()));
  json.key("code").string(problem.code());
  json.key("request_id").string(base::replace_bad_utf8(request_id));
  write_errors(json, problem);
  json.end_object();

  Response response;
  response.status = problem.status();
  response.set("Content-Type", "application/problem+json");
  for (const auto& [name, value] : problem.headers()) response.set(name, value);
  response.body = json.take();
  return response;
}

}  // namespace http
