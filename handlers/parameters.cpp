#include "handlers/parameters.hpp"

namespace handlers {

http::Problem invalid_parameter(const char* parameter, std::string detail) {
  http::Problem problem(400, "invalid_parameter", detail);
  problem.with({.detail = std::move(detail), .parameter = parameter, .pointer = {}});
  return problem;
}

void ParameterFaults::add(const http::Problem& fault) {
  if (!faults_)
    faults_.emplace(fault);
  else
    for (const auto& error : fault.errors()) faults_->with(error);
}

void ParameterFaults::throw_if_any() const {
  if (faults_) throw *faults_;
}

}  // namespace handlers
