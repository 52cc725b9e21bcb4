// What all handlers say of query parameters that they cannot take.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "app/http/problem.hpp"

namespace handlers {

// 400 that names the parameter.
http::Problem invalid_parameter(const char* parameter, std::string detail);

// Collects the faults of several parameters, so that one answer names them all.
class ParameterFaults {
 public:
  template <typename Read>
  void attempt(Read&& read) {
    try {
      std::forward<Read>(read)();
    } catch (const http::Problem& fault) {
      add(fault);
    }
  }

  void throw_if_any() const;  // Problem 400

 private:
  void add(const http::Problem& fault);

  std::optional<http::Problem> faults_;
};

}  // namespace handlers
