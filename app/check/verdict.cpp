// In the order of what weighs more: no answer, a wall, the answer's status, a page that says it is gone, the wrong
// page, a lost tag, a product that cannot be bought, a page that moved, a slow one. The first that holds is the
// verdict.
#include "app/check/verdict.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "app/base/text.hpp"
#include "app/check/charset.hpp"
#include "app/check/gone.hpp"
#include "app/check/landing.hpp"
#include "app/check/page_redirect.hpp"
#include "app/check/route.hpp"
#include "app/check/sold_out.hpp"
#include "app/check/tag_tracking.hpp"
#include "app/check/url_compare.hpp"
#include "app/check/wall.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxSummary = 400;  // bytes
constexpr std::size_t kMaxDetail = 300;

// Text from outside goes into logs, mails and pages.
std::string clean(std::string_view text, std::size_t max_bytes) {
  return base::shorten(base::without_controls(text.substr(0, 4 * max_bytes)), max_bytes);
}

struct Case {
  const Record& record;
  const Expectations& expectations;
  std::vector<Url> chain;  // of its hops
  std::size_t last() const { return record.hops.size() - 1; }
  const Url& end() const { return chain.back(); }
  std::string host(std::size_t hop) const { return chain[std::min(hop, chain.size() - 1)].host(); }
};

Verdict verdict(db::LinkStatus status, std::optional<FailureMode> mode, std::string_view summary,
                std::optional<std::size_t> hop, std::string_view detail) {
  return {.outcome = Outcome::conclusive,
          .status = status,
          .failure_mode = mode,
          .permanent = false,
          .evidence = {clean(summary, kMaxSummary), hop, clean(detail, kMaxDetail)}};
}

Verdict broken(FailureMode mode, std::string_view summary, std::optional<std::size_t> hop, std::string_view detail) {
  return verdict(db::LinkStatus::broken, mode, summary, hop, detail);
}

Verdict inconclusive(std::string_view summary, std::optional<std::size_t> hop, std::string_view detail) {
  return {.outcome = Outcome::inconclusive,
          .status = std::nullopt,
          .failure_mode = std::nullopt,
          .permanent = false,
          .evidence = {clean(summary, kMaxSummary), hop, clean(detail, kMaxDetail)}};
}

using Answer = std::optional<Verdict>;

// --- no answer ----------------------------------------------------------------------------------------------------

// A redirect to what no browser opens by itself: an app's link may be well where there is the app.
Verdict bad_location(const Case& it) {
  static constexpr std::array<std::string_view, 5> kNowhere{"javascript", "data", "about", "file", "blob"};
  const std::string location = it.record.hops.back().location.value_or("");
  const std::string scheme = scheme_of(location);
  const bool web = scheme.empty() || scheme == "http" || scheme == "https";
  if (!web && std::find(kNowhere.begin(), kNowhere.end(), scheme) == kNowhere.end())
    return inconclusive(it.host(it.last()) + " redirects to an app (" + scheme + ":), which a check cannot open",
                        it.last(), location);
  return broken(FailureMode::unreachable, it.host(it.last()) + " redirects to something that is no web address",
                it.last(), location.empty() ? it.record.error : location);
}

Answer without_answer(const Case& it) {
  const std::string host = it.host(it.last());
  const std::string& error = it.record.error;
  switch (it.record.ending) {
    case Ending::answered:
      return std::nullopt;
    case Ending::no_such_host:
      return broken(FailureMode::unreachable, "The name " + host + " does not exist", it.last(), error);
    case Ending::resolver_failed:
    case Ending::late_lookup:
      return inconclusive("The name " + host + " could not be looked up from here", it.last(), error);
    case Ending::connect_failed:
      return broken(FailureMode::unreachable, host + " takes no connection", it.last(), error);
    case Ending::timed_out:
      return broken(FailureMode::unreachable, host + " did not answer in time", it.last(), error);
    case Ending::broken_answer:
      return broken(FailureMode::unreachable, host + " gave an answer that cannot be read", it.last(), error);
    case Ending::unclear:
      return inconclusive(host + " gave an answer that a check cannot read, but a browser may", it.last(), error);
    case Ending::tls_failed:
      return broken(FailureMode::tls_error, "No secure connection to " + host, it.last(), error);
    case Ending::too_many_hops:
      return broken(FailureMode::redirect_loop, "The redirects come to no end, " + host + " redirects again", it.last(),
                    it.record.hops.back().location.value_or(error));
    case Ending::bad_location:
      return bad_location(it);
    case Ending::refused: {
      Verdict refused =
          inconclusive(host + " is no public web server on a web port, nothing was asked of it", it.last(), error);
      refused.outcome = Outcome::refused;
      return refused;
    }
    case Ending::crowded:
      return inconclusive("Too many checks wait for the host that " + host + " leads to", it.last(), error);
    case Ending::failed:
      break;
  }
  return inconclusive("The check itself failed", std::nullopt, error);
}

// --- the answer's status ------------------------------------------------------------------------------------------

Answer by_status(const Case& it) {
  const int status = it.record.hops.back().http_status.value_or(0);
  const std::string told = it.host(it.last()) + " answered " + std::to_string(status);
  if (status == 404 || status == 410) {
    Verdict gone = broken(FailureMode::not_found, told + ": the page is gone", it.last(), it.end().text());
    gone.permanent = true;
    return gone;
  }
  if (status == 503) return inconclusive(told + ": it may be busy, or keep robots out", it.last(), "");
  if (status >= 500 && status <= 599) return broken(FailureMode::server_error, told, it.last(), it.end().text());
  if (status == 204 || status < 200 || status > 299)
    return inconclusive(told + ", which says nothing of the page", it.last(), "");
  return std::nullopt;
}

// --- where it ended -----------------------------------------------------------------------------------------------

// The link's own rules, set by a person.
Answer by_expectations(const Case& it) {
  const Expectations& wanted = it.expectations;
  const std::optional<std::size_t> before = it.last() > 0 ? std::optional(it.last() - 1) : std::nullopt;
  if (wanted.final_host && !within_host(it.end().host(), lower_ascii(*wanted.final_host)))
    return broken(FailureMode::silent_redirect,
                  "The link ends at " + it.end().host() + ", not at " + *wanted.final_host, before, it.end().text());
  if (!wanted.tag_parameter) return std::nullopt;
  const auto has = [&](const std::vector<UrlParameter>& parameters) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const UrlParameter& p) { return p.name == *wanted.tag_parameter && !p.value.empty(); });
  };
  if (has(it.end().parameters()) || has(it.end().fragment_parameters())) return std::nullopt;
  const auto lost = hop_that_lost(it.chain, *wanted.tag_parameter);
  return broken(FailureMode::tag_dropped, "The page at the end did not get the parameter " + *wanted.tag_parameter,
                lost ? lost : before, *wanted.tag_parameter);
}

Answer by_landing(const Case& it, const Page& page) {
  const bool product = main_product(page) != nullptr || page.cart_controls > 0;
  const bool one = main_product(page) != nullptr || page.cart_controls == 1 || page.og_type == "product";
  constexpr int kManyPrices = 6;
  const auto wrong = wrong_landing(it.chain,
                                   {.seen = landing_seen(page),
                                    .product = product,
                                    .one_product = one,
                                    .many_prices = !product && page.prices >= kManyPrices},
                                   it.expectations);
  if (!wrong || wrong->meant == it.end().text()) return std::nullopt;  // but for what is behind a #
  return broken(FailureMode::silent_redirect,
                it.host(wrong->hop) + " redirected to " + std::string(landing_name(wrong->landing)) + " of " +
                    it.end().host() + " instead of the page that was meant",
                wrong->hop, "meant: " + wrong->meant + "; reached: " + it.end().text());
}

Answer by_tag(const Case& it) {
  const auto lost = lost_tag(it.chain, it.expectations, it.record.hops);
  if (!lost) return std::nullopt;
  const std::string host = it.host(lost->hop);
  const bool same_host = it.host(lost->hop + 1) == host;
  const std::string next = same_host ? it.chain[std::min(lost->hop + 1, it.last())].path() : it.host(lost->hop + 1);
  const std::string summary =
      lost->never_given
          ? host + " redirected to " + next + " without " + lost->parameter + ", by which sales are counted"
      : lost->changed ? host + " put another value for " + lost->parameter + " when it redirected to " + next
                      : host + " dropped " + lost->parameter + " when it redirected to " + next;
  return broken(FailureMode::tag_dropped, summary, lost->hop, lost->parameter + " at " + host);
}

Answer by_move(const Case& it) {
  const auto hop = moved_hop(it.chain, it.record, it.expectations.programs);
  if (!hop) return std::nullopt;
  return verdict(db::LinkStatus::redirected, FailureMode::moved,
                 it.host(*hop) + " moved the page for good: the link should lead to its new address", hop,
                 it.end().text());
}

bool at_baseline(const Case& it) {
  const auto baseline = it.expectations.baseline ? Url::parse(*it.expectations.baseline) : std::nullopt;
  return baseline && same_page(*baseline, it.end());
}

// --- the page -----------------------------------------------------------------------------------------------------

std::string_view content_type(const Record& record) {
  const std::string* type = header(record.headers, "content-type");
  return type == nullptr ? std::string_view() : *type;
}

bool is_html(const Record& record) {
  const std::string_view type = content_type(record);
  if (!type.empty()) return lower_ascii(type).find("html") != std::string::npos;
  return record.body.substr(0, 1000).find('<') != std::string::npos;
}

Verdict well(const Case& it) {
  const std::string time = std::to_string(it.record.duration.count()) + " ms";
  if (it.record.duration > it.expectations.slow_after)
    return verdict(db::LinkStatus::slow, FailureMode::slow, "The page is well, but took " + time,
                   slowest_hop(it.record), time);
  return verdict(db::LinkStatus::healthy, std::nullopt,
                 "The link leads to " + it.end().host() + ", and nothing is amiss", std::nullopt, "");
}

Answer wrong_end(const Case& it, const Page& page) {
  if (auto found = by_expectations(it)) return found;
  const bool known_end = at_baseline(it);
  if (known_end && it.expectations.accepted) return std::nullopt;
  if (!known_end)
    if (auto found = by_landing(it, page)) return found;
  return by_tag(it);
}

Verdict judge_page(const Case& it, const HtmlDocument& html, const Page& page) {
  const std::string host = it.end().host();
  if (const auto notice = missing_notice(page, it.end()))
    return broken(FailureMode::soft_404, host + " answered 200, but the page says that it is not there", it.last(),
                  *notice);
  if (auto found = wrong_end(it, page)) return *found;
  if (unfollowed_script(html, it.end())) {
    Verdict unknown =
        inconclusive(host + " leads on by a script that cannot be followed without a browser", it.last(), "");
    unknown.failure_mode = FailureMode::js_redirect;
    return unknown;
  }
  if (page.empty && !page.has_scripts) return inconclusive(host + " answered with an empty page", it.last(), "");
  if (const auto notice = sold_out_notice(page, it.end())) {
    // The words may be a variant's, and what can be bought in the part that was not read.
    if ((it.record.body_cut || !html.complete()) && !has_availability(page, Availability::gone))
      return inconclusive(host + " sent more than is read of a page, and what was read does not tell", it.last(),
                          *notice);
    return broken(FailureMode::out_of_stock, host + " says that the product cannot be bought now", it.last(), *notice);
  }
  if (!at_baseline(it))
    if (auto moved = by_move(it)) return *moved;
  return well(it);
}

std::shared_ptr<const HtmlDocument> document_of(const Record& record, bool readable) {
  if (readable && record.page) return record.page;
  const std::string_view body = readable ? std::string_view(record.body) : std::string_view();
  return std::make_shared<const HtmlDocument>(to_utf8(body, charset_of(body, content_type(record))));
}

Verdict judge_end(const Case& it) {
  const bool readable = is_html(it.record);
  const auto html = document_of(it.record, readable);
  const Page page = read_page(*html);
  const int status = it.record.hops.back().http_status.value_or(0);
  const bool told = status == 404 || status == 410 || (status >= 500 && status != 503);
  if (const auto wall = wall_of(it.record, page, it.chain.front(), it.end()); wall && !told)
    return inconclusive(it.end().host() + ": " + wall->what, it.last(), wall->detail);
  if (auto found = by_status(it)) return *found;
  if (readable) return judge_page(it, *html, page);
  if (auto found = wrong_end(it, page)) return *found;
  if (!at_baseline(it))
    if (auto moved = by_move(it)) return *moved;
  return well(it);
}

}  // namespace

Verdict judge(std::string_view asked, const Record& record, const Expectations& expectations) {
  Case it{record, expectations, {}};
  for (const Hop& hop : record.hops) {
    auto url = Url::parse(it.chain.empty() ? asked : std::string_view(hop.url));
    if (!url) url = Url::parse(hop.url);
    if (!url) break;
    it.chain.push_back(std::move(*url));
  }
  if (it.chain.empty() || it.chain.size() != record.hops.size())
    return inconclusive("The check recorded no usable address", std::nullopt, asked);
  if (auto none = without_answer(it)) return *none;
  return judge_end(it);
}

}  // namespace check
