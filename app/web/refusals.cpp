#include "app/web/refusals.hpp"

namespace web {

http::Problem not_found() {
  return {404, "not_found", "There is nothing here. See /api/v1/openapi.json for what there is."};
}

http::Problem method_not_allowed(const std::string& allow) {
  http::Problem problem(405, "method_not_allowed", "This resource answers to: " + allow + ".");
  problem.with_header("Allow", allow);
  return problem;
}

http::Problem rate_limited(int quota) {
  return {429, "rate_limited",
          "More than " + std::to_string(quota) + " requests in 60 seconds. Wait as long as Retry-After says."};
}

http::Problem plan_without_api() {
  return {403, "plan_without_api_access",
          "API access requires the Agency plan. Upgrade the account's plan to use this key."};
}

http::Problem scope_too_small() {
  http::Problem problem(403, "insufficient_scope", "This key may only read. Use one with the scope \"write\".");
  problem.with_header("WWW-Authenticate", "Bearer realm=\"quietleaks\", error=\"insufficient_scope\", scope=\"write\"");
  return problem;
}

http::Problem body_too_large(std::uint64_t most) {
  return {413, "body_too_large", "The request body is larger than " + std::to_string(most) + " bytes."};
}

http::Problem session_required() {
  return {
      403, "session_required",
      "This is for people who are signed in to the dashboard, not for API keys. Leave the Authorization header out."};
}

http::Problem no_key_for_a_secret() {
  return {400, "invalid_idempotency_key",
          "What is answered here may be a secret, so it is not remembered under an Idempotency-Key. Leave it out."};
}

http::Problem no_key_for_a_stream() {
  return {
      400, "invalid_idempotency_key",
      "This body is read and acted on piece by piece, so it cannot be remembered under an Idempotency-Key. Leave the "
      "header out: rows that name their slug are skipped when they come a second time."};
}

}  // namespace web
