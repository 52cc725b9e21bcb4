#include "app/http/link_header.hpp"

namespace http {

std::string link_header(const std::vector<WebLink>& links) {
  std::string value;
  for (const auto& [relation, target] : links) {
    if (!value.empty()) value += ", ";
    value.append("<").append(target).append(">; rel=\"").append(relation).append("\"");
  }
  return value;
}

}  // namespace http
