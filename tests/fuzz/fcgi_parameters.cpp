// FastCGI parameters, as "NAME=value" lines: a request that keeps its bounds, or a problem that can be said.
#include "app/server/fcgi_parameters.hpp"

#include <string>
#include <vector>

#include "app/base/ids.hpp"
#include "app/http/problem.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> lines;
  for (std::string_view rest = fuzz::text(data, size); !rest.empty();) lines.emplace_back(fuzz::next_part(rest, '\n'));
  std::vector<const char*> parameters;
  for (const std::string& line : lines) parameters.push_back(line.c_str());
  parameters.push_back(nullptr);

  http::Request request;
  try {
    server::read_parameters(parameters.data(), request);
    fuzz::require(!request.method.empty() && request.path.starts_with('/'), "a method and a path");
    fuzz::require(request.path.size() + request.query.size() <= server::kMaxUriBytes, "a bounded target");
    fuzz::require(request.path.find('?') == std::string::npos, "no query in the path");
    fuzz::require(request.headers.size() <= server::kMaxHeaders, "a bounded number of headers");
  } catch (const http::Problem& problem) {
    fuzz::require(problem.status() >= 400 && problem.status() < 500, "a refusal is the client's fault");
    http::render(problem, "https://x", request.id);
  }
  fuzz::require(base::valid_request_id(request.id), "there is always a request id");
  return 0;
}
