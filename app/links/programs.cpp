#include "app/links/programs.hpp"

#include "app/links/destination.hpp"

namespace links {

Programs::Programs(const std::vector<db::Program>& programs) {
  for (const db::Program& program : programs)
    for (const std::string& host : program.hosts) names_.emplace(host, program.name);
}

std::optional<std::string> Programs::recognise(std::string_view url) const {
  const std::string host = host_of(url);
  for (std::string_view name = host; !name.empty();) {
    if (const auto found = names_.find(name); found != names_.end()) return found->second;
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

}  // namespace links
