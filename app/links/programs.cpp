#include "app/links/programs.hpp"

#include <algorithm>

#include "app/http/url.hpp"

namespace links {

Programs::Programs(const std::vector<db::Program>& programs) {
  for (const auto& program : programs)
    for (const auto& host : program.hosts) by_host_.emplace(host, program.name);
}

std::optional<std::string> Programs::recognise(std::string_view url) const {
  auto host = http::origin_of(url).host;
  for (;;) {
    if (const auto found = by_host_.find(host); found != by_host_.end()) return found->second;
    const auto dot = host.find('.');
    if (dot == std::string::npos) return std::nullopt;
    host.erase(0, dot + 1);
  }
}

}  // namespace links
