#include "tests/e2e/invariants.hpp"

#include <cstdlib>
#include <ctime>
#include <map>
#include <regex>

#include "tests/support/json_match.hpp"

namespace e2e {
namespace {

using support::Call;
using support::Reply;
using Breaches = std::vector<std::string>;

// Status and title of every documented problem.
const std::map<std::string, std::pair<int, std::string>>& problems() {
  static const std::map<std::string, std::pair<int, std::string>> table = {
      {"invalid_parameter", {400, "Bad Request"}},
      {"invalid_query", {400, "Bad Request"}},
      {"bad_request", {400, "Bad Request"}},
      {"invalid_json", {400, "Bad Request"}},
      {"invalid_idempotency_key", {400, "Bad Request"}},
      {"missing_api_key", {401, "Unauthorized"}},
      {"invalid_api_key", {401, "Unauthorized"}},
      {"invalid_session", {401, "Unauthorized"}},
      {"invalid_sign_in", {401, "Unauthorized"}},
      {"session_required", {403, "Forbidden"}},
      {"cross_site_request", {403, "Forbidden"}},
      {"sign_up_closed", {403, "Forbidden"}},
      {"email_taken", {409, "Conflict"}},
      {"account_name_taken", {409, "Conflict"}},
      {"key_already_replaced", {409, "Conflict"}},
      {"invalid_members", {422, "Unprocessable Content"}},
      {"wrong_password", {422, "Unprocessable Content"}},
      {"invalid_reset_token", {422, "Unprocessable Content"}},
      {"too_many_keys", {422, "Unprocessable Content"}},
      {"too_many_sign_ins", {429, "Too Many Requests"}},
      {"plan_without_api_access", {403, "Forbidden"}},
      {"https_required", {403, "Forbidden"}},
      {"insufficient_scope", {403, "Forbidden"}},
      {"link_limit_reached", {403, "Forbidden"}},
      {"not_found", {404, "Not Found"}},
      {"method_not_allowed", {405, "Method Not Allowed"}},
      {"request_timeout", {408, "Request Timeout"}},
      {"slug_taken", {409, "Conflict"}},
      {"idempotency_in_progress", {409, "Conflict"}},
      {"no_check_yet", {409, "Conflict"}},
      {"precondition_failed", {412, "Precondition Failed"}},
      {"body_too_large", {413, "/.+/"}},
      {"uri_too_long", {414, "URI Too Long"}},
      {"unsupported_media_type", {415, "Unsupported Media Type"}},
      {"invalid_link", {422, "Unprocessable Content"}},
      {"invalid_monitoring", {422, "Unprocessable Content"}},
      {"invalid_csv", {422, "Unprocessable Content"}},
      {"idempotency_key_reused", {422, "Unprocessable Content"}},
      {"headers_too_large", {431, "Request Header Fields Too Large"}},
      {"check_too_soon", {429, "Too Many Requests"}},
      {"rate_limited", {429, "Too Many Requests"}},
      {"too_many_rejected_keys", {429, "Too Many Requests"}},
      {"internal_error", {500, "Internal Error"}},
      {"upstream_unavailable", {0, "/.+/"}},
      {"database_unavailable", {503, "Service Unavailable"}},
      {"migrations_pending", {503, "Service Unavailable"}},
      {"busy", {503, "Service Unavailable"}},
  };
  return table;
}

void check_request_id(const Call& call, const Reply& reply, Breaches& found) {
  static const std::regex sane("[A-Za-z0-9._-]{1,128}");
  const auto ids = reply.all("x-request-id");
  if (ids.size() != 1) {
    found.push_back(std::to_string(ids.size()) + " X-Request-Id headers");
    return;
  }
  if (!std::regex_match(ids[0], sane)) found.push_back("X-Request-Id is \"" + ids[0] + '"');
  static const std::regex key_like(".*ql_[0-9A-Za-z]{36}.*");  // would end in the logs
  for (const auto& [name, value] : call.headers)
    if (name == "X-Request-Id" && std::regex_match(value, sane) && !std::regex_match(value, key_like) &&
        value != ids[0] && !call.target.starts_with("/go/"))  // a visit's id is what it is counted by
      found.push_back("X-Request-Id " + value + " came back as " + ids[0]);
}

void check_problem(const Reply& reply, const std::string& public_url, Breaches& found) {
  if (reply.header("content-type") != "application/problem+json") {
    found.push_back("an error as " + reply.header("content-type"));
    return;
  }
  if (reply.body.empty()) return;  // to HEAD
  static const std::regex code_form(R"re("code":"([a-z_]+)")re");
  std::smatch match;
  const auto known = std::regex_search(reply.body, match, code_form) ? problems().find(match[1]) : problems().end();
  if (known == problems().end()) {
    found.push_back("a problem without a documented code: " + reply.body.substr(0, 300));
    return;
  }
  const auto& [status, title] = known->second;
  const bool replayed = !reply.all("idempotency-replayed").empty();  // the first one's body, as it was
  if (status != 0 && status != reply.status)
    found.push_back(known->first + " with status " + std::to_string(reply.status));
  const std::string head = R"({"type":")" + public_url + "/docs/errors#" + known->first + R"(","title":")" + title +
                           R"(","status":)" + std::to_string(reply.status) + R"(,"detail":"$text","code":")" +
                           known->first + R"(","request_id":")" +
                           (replayed ? "$request-id" : reply.header("x-request-id")) + '"';
  const bool points = reply.body.find("\"pointer\":") != std::string::npos;
  const std::string place = points ? R"("pointer":"$any")" : R"("parameter":"$text")";
  const std::string with_errors = head + R"(,"errors":["$each","$any",{"detail":"$text",)" + place + "}]}";
  const bool has_errors = reply.body.find("\"errors\":") != std::string::npos;
  const auto difference = support::json_difference(has_errors ? with_errors : head + "}", reply.body);
  if (!difference.empty()) found.push_back("problem body: " + difference);
}

void check_challenge(const Call& call, const Reply& reply, Breaches& found) {
  const auto challenges = reply.all("www-authenticate");
  if (reply.status != 401) {
    const bool may = reply.status == 403 && reply.body.find("\"code\":\"insufficient_scope\"") != std::string::npos;
    if (!may && !challenges.empty()) found.push_back("WWW-Authenticate on " + std::to_string(reply.status));
    return;
  }
  bool credentials = false;
  for (const auto& header : call.headers) credentials |= header.first == "Authorization";
  if (challenges.size() != 1) return found.push_back(std::to_string(challenges.size()) + " WWW-Authenticate headers");
  if (!challenges[0].starts_with(R"(Bearer realm="quietleaks")")) found.push_back("WWW-Authenticate: " + challenges[0]);
  if (!credentials && challenges[0].find("error") != std::string::npos)
    found.push_back("an error code in the challenge although no credentials were sent (RFC 6750)");
}

// Of all cookies there is the session's, and it goes to nobody who only visits a link.
void check_cookie(const Call& call, const std::string& value, Breaches& found) {
  static const std::regex form(
      "__Host-ql_session=([A-Za-z0-9_-]{43})?; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=[0-9]+");
  if (!call.target.starts_with("/api/") || !std::regex_match(value, form)) found.push_back("Set-Cookie: " + value);
}

// Refusals that are not of the rate limit.
bool other_limit(const Reply& reply) {
  return reply.body.find("check_too_soon") != std::string::npos ||
         reply.body.find("too_many_sign_ins") != std::string::npos;
}

void check_retry_after(const Reply& reply, const RateFields& rate, Breaches& found) {
  const auto values = reply.all("retry-after");
  const bool may = reply.status == 429 || reply.status >= 500;
  if (!may && !values.empty()) found.push_back("Retry-After on " + std::to_string(reply.status));
  if (reply.status != 429 && reply.status != 503) return;
  static const std::regex seconds("[1-9][0-9]{0,3}");
  if (values.size() != 1 || !std::regex_match(values[0], seconds))
    found.push_back("Retry-After is not one number of seconds on " + std::to_string(reply.status));
  else if (rate.present && reply.status == 429 && std::stoi(values[0]) > 60 && !other_limit(reply))
    found.push_back("Retry-After beyond the window: " + values[0]);
}

void check_headers(const Call& call, const Reply& reply, bool tls, Breaches& found) {
  for (const auto& [name, value] : reply.headers) {
    if (name.starts_with("access-control-")) found.push_back("a CORS header: " + name);
    if (name == "x-powered-by") found.push_back("a header that must not be: " + name);
    if (name == "set-cookie") check_cookie(call, value, found);
    for (const unsigned char c : value)
      if ((c < 0x20 && c != '\t') || c == 0x7f) found.push_back("a control character in " + name);
  }
  if (tls && reply.all("strict-transport-security").size() != 1)
    found.push_back("not exactly one Strict-Transport-Security");
}

}  // namespace

RateFields rate_fields(const Reply& reply) {
  RateFields rate;
  const auto policy = reply.all("ratelimit-policy"), limit = reply.all("ratelimit"),
             legacy_limit = reply.all("x-ratelimit-limit"), legacy_remaining = reply.all("x-ratelimit-remaining"),
             legacy_reset = reply.all("x-ratelimit-reset");
  const auto count = policy.size() + limit.size() + legacy_limit.size() + legacy_remaining.size() + legacy_reset.size();
  if (count == 0) return rate;
  rate.present = true;
  static const std::regex policy_form(R"re("default";q=([0-9]+);w=60)re");
  static const std::regex limit_form(R"re("default";r=([0-9]+);t=([0-9]+))re");
  std::smatch policy_match, limit_match;
  if (count != 5 || policy.size() != 1 || limit.size() != 1 ||
      !std::regex_match(policy[0], policy_match, policy_form) || !std::regex_match(limit[0], limit_match, limit_form)) {
    rate.breach = "rate headers are not one of each in their form";
    return rate;
  }
  rate.quota = std::stoi(policy_match[1]);
  rate.remaining = std::stoi(limit_match[1]);
  rate.reset_s = std::stoi(limit_match[2]);
  const auto reset_at = std::atoll(legacy_reset[0].c_str());
  const auto expected_reset = static_cast<long long>(std::time(nullptr)) + rate.reset_s;
  if (legacy_limit[0] != std::to_string(rate.quota) || legacy_remaining[0] != std::to_string(rate.remaining))
    rate.breach = "X-RateLimit-* differ from RateLimit";
  else if (rate.remaining > rate.quota || rate.reset_s > 60)
    rate.breach = "RateLimit beyond its policy: " + limit[0] + " of " + policy[0];
  else if (std::llabs(reset_at - expected_reset) > 3)
    rate.breach = "X-RateLimit-Reset is not t seconds from now";
  else if (reply.status == 429 && rate.remaining != 0 && !other_limit(reply))
    rate.breach = "429 with " + std::to_string(rate.remaining) + " remaining";
  return rate;
}

std::vector<std::string> breaches(const Call& call, const Reply& reply, const std::string& public_url, bool tls) {
  Breaches found;
  if (reply.status == 0) return {"no answer: " + reply.error};
  const RateFields rate = rate_fields(reply);
  if (!rate.breach.empty()) found.push_back(rate.breach);
  if (rate.present && reply.status == 401) found.push_back("rate headers on 401");
  check_request_id(call, reply, found);
  check_headers(call, reply, tls, found);
  check_challenge(call, reply, found);
  check_retry_after(reply, rate, found);
  if (reply.status >= 400 && call.target.starts_with("/api/")) check_problem(reply, public_url, found);
  return found;
}

}  // namespace e2e
