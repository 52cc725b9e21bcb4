#include "app/check/carried_urls.hpp"

#include "app/http/query.hpp"

namespace check {
namespace {

void add_carried(const Url& url, int depth, std::vector<Url>& carried) {
  auto parameters = url.parameters();
  const auto in_fragment = url.fragment_parameters();
  parameters.insert(parameters.end(), in_fragment.begin(), in_fragment.end());
  // Networks that take the target as the path: prf.hn/click/camref:x/destination:https%3A%2F%2F...
  for (const std::string& segment : {std::string(url.path())}) {
    const std::string path = http::percent_decode(segment, false).value_or(segment);
    const std::size_t at = path.find("http", 1);
    if (at != std::string::npos) parameters.push_back({"path", path.substr(at)});
  }
  for (const UrlParameter& parameter : parameters) {
    if (carried.size() == 8) return;
    const std::string start = lower_ascii(std::string_view(parameter.value).substr(0, 12));
    std::string value = parameter.value;
    if (start.starts_with("http%3a") || start.starts_with("https%3a"))
      value = http::percent_decode(value, false).value_or(value);
    if (!lower_ascii(std::string_view(value).substr(0, 8)).starts_with("http")) continue;
    auto inner = Url::parse(value);
    if (!inner || inner->host().find('.') == std::string::npos) continue;
    carried.push_back(*inner);
    if (depth < 2) add_carried(*inner, depth + 1, carried);
  }
}

}  // namespace

std::vector<Url> carried_urls(const Url& url) {
  std::vector<Url> carried;
  add_carried(url, 1, carried);
  return carried;
}

}  // namespace check
