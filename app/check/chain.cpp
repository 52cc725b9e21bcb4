#include "app/check/chain.hpp"

#include "app/base/text.hpp"
#include "app/check/charset.hpp"
#include "app/check/html.hpp"
#include "app/check/needs_browser.hpp"
#include "app/check/page_redirect.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxError = 300;
constexpr std::size_t kMaxCookies = 4096;

// The body, read as HTML; null: it is none.
std::shared_ptr<const HtmlDocument> page_of(const Record& record) {
  const std::string* type = header(record.headers, "content-type");
  const bool page = type != nullptr
                        ? lower_ascii(*type).find("html") != std::string::npos
                        : lower_ascii(std::string_view(record.body).substr(0, 1024)).find("<html") != std::string::npos;
  if (!page) return nullptr;
  const std::string charset = charset_of(record.body, type == nullptr ? std::string_view() : *type);
  return std::make_shared<const HtmlDocument>(to_utf8(record.body, charset));
}

std::string cookies_of(const std::vector<Header>& headers) {
  std::string cookies;
  for (const Header& one : headers)
    if (one.name == "set-cookie" && cookies.size() + one.value.size() < kMaxCookies)
      cookies += one.value.substr(0, one.value.find(';')) + '\n';
  return cookies;
}

bool is_found(int status) {
  return status >= 200 && status <= 299;
}

}  // namespace

bool Chain::begin() {
  url_ = Url::parse(asked_);
  if (url_) return true;
  record_.hops.push_back({.url = asked_, .http_status = {}, .location = {}});
  end(Ending::failed, "this is no http or https URL");
  verdict_ = judge_(record_);
  return false;
}

bool Chain::end(Ending ending, const std::string& error) {
  record_.ending = ending;
  record_.error = base::shorten(base::replace_bad_utf8(error), kMaxError);
  return false;
}

void Chain::receive(Answer&& answer, Milliseconds duration) {
  answer_ = std::move(answer);
  record_.duration += duration;
  Hop& hop = record_.hops.emplace_back();
  hop.url = url_->text();
  hop.duration = duration;
  if (answer_.status > 0) hop.http_status = answer_.status;
  hop.cookies = cookies_of(answer_.headers);
}

Chain::Next Chain::read(const FetchOptions& options) {
  if (leads_on(options)) return Next::request;
  if (!options.headless_program.empty() && needs_browser(record_)) return Next::browser;
  return conclude();
}

Chain::Next Chain::conclude() {
  verdict_ = judge_(record_);
  record_.page.reset();  // nobody reads it any more, and where it was made it is given back fastest
  return Next::end;
}

Chain::Next Chain::follow_scripts(const std::optional<Url>& to, Milliseconds duration, const FetchOptions& options) {
  in_browser_ += duration;
  if (to && follow({.kind = HopKind::script, .url = to, .text = {}}, options)) return Next::request;
  return conclude();
}

Chain::Next Chain::give_up(Ending ending, const std::string& error) {
  end(ending, error);
  return conclude();
}

std::optional<Chain::Lead> Chain::lead() const {
  const Hop& hop = record_.hops.back();
  const int status = hop.http_status.value_or(0);
  if (is_redirect(status)) {
    const std::string* location = header(record_.headers, "location");
    if (location == nullptr || location->empty()) return std::nullopt;
    return Lead{.kind = HopKind::http, .url = url_->resolve(*location), .text = *location};
  }
  if (!is_found(status)) return std::nullopt;
  std::optional<ClientRedirect> redirect;
  if (const std::string* refresh = header(record_.headers, "refresh")) redirect = header_redirect(*refresh, *url_);
  if (!redirect && record_.page) redirect = client_redirect(*record_.page, *url_);
  if (!redirect) return std::nullopt;
  return Lead{.kind = redirect->kind, .url = std::move(redirect->url), .text = {}};
}

bool Chain::leads_on(const FetchOptions& options) {
  if (answer_.ending != Ending::answered) return end(answer_.ending, answer_.error);
  seen_.insert(url_->text() + '\n' + cookies_);
  cookies_ = transfer->cookies();
  record_.headers = std::move(answer_.headers);
  record_.body = std::move(answer_.body);
  record_.body_cut = answer_.body_cut;
  record_.page = is_found(answer_.status) ? page_of(record_) : nullptr;
  const auto next = lead();
  return next ? follow(*next, options) : end(Ending::answered, {});
}

bool Chain::follow(const Lead& lead, const FetchOptions& options) {
  Hop& hop = record_.hops.back();
  hop.kind = lead.kind;
  if (!lead.url) {
    hop.location = base::shorten(base::replace_bad_utf8(lead.text), Url::kMaxBytes);
    return end(Ending::bad_location, "it redirects to what is no http or https URL");
  }
  hop.location = lead.url->text();
  if (seen_.contains(lead.url->text() + '\n' + cookies_))
    return end(Ending::too_many_hops, "it redirects to where it has been already");
  if (record_.hops.size() > static_cast<std::size_t>(options.max_redirects))
    return end(Ending::too_many_hops, "it redirects more than " + std::to_string(options.max_redirects) + " times");
  url_ = lead.url;
  return true;
}

}  // namespace check
