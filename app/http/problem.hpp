// RFC 9457 problem details: the one shape of every error, and the exception that carries it to the error boundary.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/json.hpp"
#include "app/http/response.hpp"

namespace http {

struct FieldError {
  std::string detail;
  std::string parameter;  // a query parameter; or
  std::string pointer;    // a JSON pointer (RFC 6901) into the body
};

// `detail` is written for the client. What only the operator may know goes into `log_detail`.
class Problem : public std::runtime_error {
 public:
  Problem(int status, std::string code, std::string detail);

  Problem& with(FieldError error);
  Problem& with_header(std::string name, std::string value);
  Problem& for_log(std::string detail);

  int status() const { return status_; }
  const std::string& code() const { return code_; }  // stable, snake_case
  std::string_view title() const;                    // the reference's names: "Not Found", "Internal Error" ...
  const std::string& detail() const { return detail_; }
  const std::string& log_detail() const { return log_detail_; }
  const std::vector<FieldError>& errors() const { return errors_; }
  const std::vector<Header>& headers() const { return headers_; }

 private:
  int status_;
  std::string code_;
  std::string detail_;
  std::string log_detail_;
  std::vector<FieldError> errors_;
  std::vector<Header> headers_;
};

// "errors":[{"detail":...,"parameter" | "pointer":...},...] into an object that is open; nothing if there are none.
void write_errors(JsonWriter& json, const Problem& problem);

// {"type":"{public_url}/docs/errors#code","title":...,"status":...,"detail":...,"code":...,"request_id":...,"errors":[...]}
Response render(const Problem& problem, std::string_view public_url, std::string_view request_id);

}  // namespace http
