// The members of a body that is one small object, for the dashboard's own resources: each is asked for by its name, and
// everything that is wrong is said in one answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "handlers/body.hpp"

namespace handlers {

class Members {
 public:
  explicit Members(const http::Request& request);  // Problem 415, 400
  ~Members();                                      // wipes what was in it: it may have been a password
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  // What is wrong with a value ("is empty"), if anything is.
  using Check = std::optional<std::string> (*)(std::string_view value);

  // A text that has to be there. Empty, and a fault, if it is not; a fault, too, if `check` says so.
  std::string text(std::string_view name, Check check = nullptr);
  std::optional<std::string> text_or_null(std::string_view name);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);

  void fault(std::string_view name, const std::string& what);  // "is too long": about a member

  // Throws Problem 422 with all faults, those included that are members nobody asked for.
  void require_good();

 private:
  const http::JsonValue* find(std::string_view name);
  void wrong_kind(std::string_view name, const http::JsonValue* value, const std::string& expected);

  http::JsonValue body_;
  std::vector<std::string> asked_;
  Faults faults_;
};

}  // namespace handlers
