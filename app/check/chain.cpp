#include "app/check/chain.hpp"

#include "app/base/text.hpp"
#include "app/check/html.hpp"
#include "app/check/page_redirect.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxError = 300;

bool is_page(const Answer& answer) {
  const std::string* type = answer.header("content-type");
  if (type != nullptr) return lower_ascii(*type).find("html") != std::string::npos;
  return lower_ascii(std::string_view(answer.body).substr(0, 1024)).find("<html") != std::string::npos;
}

bool is_found(int status) {
  return status >= 200 && status <= 299;
}

}  // namespace

bool Chain::wants_page(const Answer& answer) {
  return answer.ending == Ending::answered && is_found(answer.status) && is_page(answer);
}

bool Chain::begin() {
  url_ = Url::parse(asked_);
  if (url_) return true;
  record_.hops.push_back({.url = asked_, .http_status = {}, .location = {}});
  return end(Ending::failed, "this is no http or https URL");
}

bool Chain::end(Ending ending, const std::string& error) {
  record_.ending = ending;
  record_.error = base::shorten(base::replace_bad_utf8(error), kMaxError);
  return false;
}

std::optional<Chain::Lead> Chain::lead_of(const Answer& answer) const {
  if (is_redirect(answer.status)) {
    const std::string* location = answer.header("location");
    if (location == nullptr || location->empty()) return std::nullopt;
    return Lead{.kind = HopKind::http, .url = url_->resolve(*location), .text = *location};
  }
  if (!is_found(answer.status)) return std::nullopt;
  std::optional<ClientRedirect> redirect;
  if (const std::string* refresh = answer.header("refresh")) redirect = header_redirect(*refresh, url_->text());
  if (!redirect && answer.page) redirect = client_redirect(*answer.page, url_->text());
  if (!redirect) return std::nullopt;
  return Lead{.kind = redirect->kind, .url = Url::parse(redirect->url), .text = redirect->url};
}

bool Chain::take(Answer&& answer, Milliseconds duration, const FetchOptions& options) {
  record_.duration += duration;
  Hop& hop = record_.hops.emplace_back();
  hop.url = url_->text();
  hop.duration = duration;
  if (answer.status > 0) hop.http_status = answer.status;
  if (answer.ending != Ending::answered) return end(answer.ending, answer.error);

  seen_.insert(url_->text() + '\n' + cookies_);
  cookies_ = transfer->cookies();
  const auto lead = lead_of(answer);
  record_.headers = std::move(answer.headers);
  record_.body = std::move(answer.body);
  record_.body_cut = answer.body_cut;
  record_.page = std::move(answer.page);
  if (!lead) return end(Ending::answered, {});
  hop.kind = lead->kind;
  if (!lead->url) {
    hop.location = base::shorten(base::replace_bad_utf8(lead->text), Url::kMaxBytes);
    return end(Ending::bad_location, "it redirects to what is no http or https URL");
  }
  hop.location = lead->url->text();
  if (seen_.contains(lead->url->text() + '\n' + cookies_))
    return end(Ending::too_many_hops, "it redirects to where it has been already");
  if (record_.hops.size() > static_cast<std::size_t>(options.max_redirects))
    return end(Ending::too_many_hops, "it redirects more than " + std::to_string(options.max_redirects) + " times");
  url_ = lead->url;
  return true;
}

}  // namespace check
