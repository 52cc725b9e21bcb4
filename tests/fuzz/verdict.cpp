// Pages and chains out of hostile hands: whatever they hold, there is one verdict, and its evidence can be said.
#include "app/check/verdict.hpp"

#include <string>

#include "app/base/text.hpp"
#include "app/check/page_redirect.hpp"
#include "app/check/url.hpp"
#include "db/known_programs.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

// The input is a page, behind a line for each further hop: a status and where it leads.
check::Record record_of(std::string_view text) {
  check::Record record;
  record.ending = check::Ending::answered;
  std::string url = "https://www.awin1.com/cread.php?awinaffid=1&ued=https%3A%2F%2Fshop.example%2Fp%2Flamp";
  while (text.starts_with("30") && record.hops.size() < 10) {
    const std::string_view line = fuzz::next_part(text, '\n');
    check::Hop hop;
    hop.url = url;
    hop.http_status = line.size() > 2 && line[2] == '1' ? 301 : 302;
    const auto base = check::Url::parse(url);
    const auto next = base ? base->resolve(line.substr(std::min<std::size_t>(4, line.size()))) : std::nullopt;
    if (!next) break;
    hop.location = next->text();
    record.hops.push_back(hop);
    url = next->text();
  }
  check::Hop last;
  last.url = url;
  last.http_status = 200;
  record.hops.push_back(last);
  record.headers = {{"content-type", "text/html"}};
  record.body = text;
  return record;
}

void check_redirect(const std::string& page) {
  const auto own = check::Url::parse("https://shop.example/p/lamp");
  const auto redirect = check::client_redirect(check::HtmlDocument(page), *own);
  if (redirect) fuzz::require(redirect->url.text() != own->text(), "leads elsewhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const check::Record record = record_of(fuzz::text(data, size));
  check::Expectations expectations;
  expectations.programs = db::known_programs();
  const check::Verdict verdict = check::judge(record.hops.front().url, record, expectations);
  const check::Evidence& evidence = verdict.evidence;
  fuzz::require((verdict.outcome == check::Outcome::conclusive) == verdict.status.has_value(), "a status if concluded");
  fuzz::require(!evidence.summary.empty() && evidence.summary.size() < 500, "a summary of readable length");
  fuzz::require(evidence.detail.size() < 400, "a detail of readable length");
  fuzz::require(base::valid_utf8(evidence.summary) && base::valid_utf8(evidence.detail), "evidence that can be said");
  for (const std::string_view text : {std::string_view(evidence.summary), std::string_view(evidence.detail)})
    for (const char c : text) fuzz::require(static_cast<unsigned char>(c) >= ' ', "without control characters");
  fuzz::require(!evidence.hop || *evidence.hop < record.hops.size(), "a hop of the chain");
  check_redirect(record.body);
  return 0;
}
