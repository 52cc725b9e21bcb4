#include "app/check/route.hpp"

#include <algorithm>

#include "app/check/carried_urls.hpp"
#include "app/check/tag_tracking.hpp"
#include "app/check/url_compare.hpp"

namespace check {
namespace {

using Chain = std::vector<Url>;

bool is_missed(Landing landing) {
  return landing != Landing::page;
}

// "/reviews", "/us": of the same page; "/ref/jane", "/ref=nosim": who sends the visitor, which a shop takes out.
bool is_part_of_page(std::string_view rest) {
  static constexpr std::string_view kParts[] = {"/reviews", "/review", "/specs",   "/details", "/overview",
                                                "/buy",     "/order",  "/info",    "/pricing", "/photos",
                                                "/amp",     "/learn",  "/landing", "/download"};
  static constexpr std::string_view kSenders[] = {"/ref/", "/referral/", "/aff/", "/affiliate/", "/partner/", "/via/"};
  constexpr std::size_t kCountry = 3;
  if (rest.size() == kCountry || rest.starts_with("/ref=")) return true;
  const bool sender = std::any_of(std::begin(kSenders), std::end(kSenders), [&](std::string_view one) {
    return rest.starts_with(one) && rest.find('/', one.size()) == std::string_view::npos;
  });
  return sender || std::find(std::begin(kParts), std::end(kParts), rest) != std::end(kParts);
}

// `end` is a page above `page`: what shops fall back to.
bool is_above(const Url& end, const Url& page) {
  const std::string path = plain_path(page);
  const std::string above = plain_path(end);
  if (above.size() >= path.size() || !path.starts_with(above) || path[above.size()] != '/') return false;
  return !is_part_of_page(std::string_view(path).substr(above.size()));
}

// The first hop of the shop at the end; the redirect before it brought the visitor there.
std::size_t first_at_shop(const Chain& chain) {
  std::size_t first = chain.size() - 1;
  while (first > 0 && same_shop(chain[first - 1], chain.back())) --first;
  return first;
}

// "brand.link/x7Kp": a host of the brand's own for short links.
bool is_short_link(const Url& url, const Url& end) {
  return is_short_code(url) && !same_host(url, end);
}

// "/invite/anna" that leads to "/?invite=anna": the homepage was meant, and was told who sends the visitor.
bool handed_on(const Url& url, const Url& end) {
  const Segments segments = segments_of(url.path());
  if (segments.empty() || segments.back().size() < 2 || landing_of(end) != Landing::home || holds_product_id(url))
    return false;
  const auto parameters = end.parameters();
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const UrlParameter& each) { return lower_ascii(each.value) == segments.back(); });
}

// The last page of its own at the shop; its redirect led away from it.
std::optional<std::size_t> page_in_chain(const Chain& chain) {
  for (std::size_t hop = chain.size() - 1; hop-- > first_at_shop(chain);)
    if (landing_of(chain[hop]) == Landing::page && !is_redirector(chain[hop]) &&
        !is_short_link(chain[hop], chain.back()) && !handed_on(chain[hop], chain.back()))
      return hop;
  return std::nullopt;
}

// A page that a hop's parameters tell to be the target.
std::optional<Url> target_of(const Url& url) {
  for (const Url& target : carried_urls(url))
    if (landing_of(target) == Landing::page && !is_redirector(target)) return target;
  return std::nullopt;
}

// The redirects led from a page of the shop to another one, which is no product's.
bool left_page(const Url& page, const Url& end, Landing landing, bool product) {
  if (plain_path(page) == plain_path(end) && landing_of(end) == Landing::page) return false;
  return is_missed(landing) || (!product && is_above(end, page));
}

// From one product to a page that does not name one: what looks like a list is one.
bool left_product(const Url& page, const Url& end) {
  return holds_product_id(page) && !holds_product_id(end) && plain_path(page) != plain_path(end);
}

// Of another site than the one at the end, but evidently a product: its site is gone, or was taken over.
bool left_its_site(const Chain& chain, std::span<const db::Program> programs) {
  return chain.size() > 1 && program_of(chain.front(), programs) == nullptr && names_product(chain.front());
}

}  // namespace

std::optional<WrongLanding> wrong_landing(const Chain& chain, const Arrival& arrival,
                                          const Expectations& expectations) {
  const Url& end = chain.back();
  const bool by_itself =
      landing_of(end) == Landing::page || (landing_of(end) == Landing::category && arrival.one_product);
  const Landing landing = by_itself ? arrival.seen.value_or(Landing::page) : landing_of(end);
  const std::size_t last = chain.size() - 1;
  if (last == 0) return std::nullopt;
  if (const auto hop = page_in_chain(chain))
    if (left_page(chain[*hop], end, landing, arrival.product) ||
        (arrival.many_prices && left_product(chain[*hop], end))) {
      const Landing shown = is_missed(landing) ? landing : Landing::category;
      return WrongLanding{*hop, shown, chain[*hop].text()};
    }
  const auto baseline = expectations.baseline ? Url::parse(*expectations.baseline) : std::nullopt;
  const bool baseline_left = baseline && landing_of(*baseline) == Landing::page;
  if (baseline_left && !arrival.product && same_host(end, *baseline) && is_above(end, *baseline))
    return WrongLanding{last - 1, is_missed(landing) ? landing : Landing::category, baseline->text()};
  if (!is_missed(landing)) return std::nullopt;
  for (std::size_t hop = 0; hop < last; ++hop)
    if (const auto target = target_of(chain[hop])) {
      const std::size_t at_shop = first_at_shop(chain);
      return WrongLanding{std::max(hop, at_shop > 0 ? at_shop - 1 : 0), landing, target->text()};
    }
  if (left_its_site(chain, expectations.programs)) return WrongLanding{last - 1, landing, chain.front().text()};
  if (baseline_left) return WrongLanding{last - 1, landing, baseline->text()};
  return std::nullopt;
}

std::optional<std::size_t> moved_hop(const Chain& chain, const Record& record, std::span<const db::Program> programs) {
  std::optional<std::size_t> moved;
  for (std::size_t hop = 0; hop + 1 < chain.size(); ++hop) {
    const int status = record.hops[hop].http_status.value_or(0);
    const Url& from = chain[hop];
    const Url& to = chain[hop + 1];
    if (status != 301 && status != 308) continue;
    if (program_of(from, programs) != nullptr && from.host() != to.host()) continue;
    const bool own = same_host(from, chain.back()) || (names_product(from) && hop == 0 && names_product(to));
    if (!own || is_redirector(from) || landing_of(from) != Landing::page || landing_of(chain.back()) != Landing::page)
      continue;
    const std::string path = plain_path(from);
    const std::string end = plain_path(chain.back());
    const bool new_site = hop == 0 && !same_shop(from, to) && names_product(from) && !is_short_code(from);
    if (!new_site && (path == end || plain_path(to) == path || same_product_number(from, chain.back()))) continue;
    if (!moved) moved = hop;
  }
  return moved;
}

std::optional<std::size_t> hop_that_lost(const Chain& chain, std::string_view parameter) {
  for (std::size_t hop = chain.size() - 1; hop-- > 0;)
    for (const UrlParameter& each : chain[hop].parameters())
      if (each.name == parameter && !each.value.empty()) return hop;
  return std::nullopt;
}

std::optional<std::size_t> slowest_hop(const Record& record) {
  const auto slowest = std::max_element(record.hops.begin(), record.hops.end(),
                                        [](const Hop& a, const Hop& b) { return a.duration < b.duration; });
  if (slowest == record.hops.end()) return std::nullopt;
  return static_cast<std::size_t>(slowest - record.hops.begin());
}

}  // namespace check
