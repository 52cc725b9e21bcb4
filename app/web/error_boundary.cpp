#include "app/web/error_boundary.hpp"

#include "db/error.hpp"

namespace web {
namespace {

constexpr const char* kOurFault = "Something went wrong on our side. Quote the request id if it persists.";

http::Problem unavailable(std::string detail, const char* code = "database_unavailable") {
  http::Problem problem(503, code, std::move(detail));
  problem.with_header("Retry-After", "2");
  return problem;
}

http::Problem without_log(const db::Error& error) {
  switch (error.kind()) {
    case db::ErrorKind::conflict:
      return {409, "conflict", "A value that must be unique is already taken."};
    case db::ErrorKind::invalid:
      return {422, "invalid_value", "A value breaks a rule that the stored data must keep."};
    case db::ErrorKind::retry:
      return unavailable("The request lost a race with others. Try it again.");
    case db::ErrorKind::timeout:
      return {504, "database_timeout", "The request took too long and was given up."};
    case db::ErrorKind::unavailable:
      if (error.sqlstate() == db::kMigrationsPending)
        return unavailable("The service is being upgraded. Try again shortly.", "migrations_pending");
      return unavailable("The service cannot reach its data at the moment. Try again shortly.");
    case db::ErrorKind::internal:
      break;
  }
  return {500, "internal_error", kOurFault};
}

}  // namespace

http::Problem to_problem(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const http::Problem& problem) {
    return problem;
  } catch (const db::Error& error) {
    auto problem = without_log(error);
    problem.for_log(error.sqlstate() + " " + error.what());
    return problem;
  } catch (const std::exception& error) {
    http::Problem problem(500, "internal_error", kOurFault);
    problem.for_log(error.what());
    return problem;
  } catch (...) {
    return {500, "internal_error", kOurFault};
  }
}

}  // namespace web
