// quietleaks check: one check from the command line. Needs neither a database nor a settings file.
#include <charconv>
#include <memory>
#include <stdexcept>

#include "app/base/text.hpp"
#include "app/check/fetcher.hpp"
#include "app/check/report.hpp"
#include "app/check/url.hpp"
#include "app/check/verdict.hpp"
#include "app/cli/commands.hpp"
#include "db/known_programs.hpp"

namespace cli {
namespace {

constexpr const char* kHelp =
    R"(Fetches URL as a browser would, shows every redirect, and says whether the link still earns: is it the product's page,
did the affiliate parameter survive, is it for sale?

Examples:
  quietleaks check 'https://www.amazon.com/dp/B0CXYZ1234?tag=publisher-20'
  quietleaks check --baseline https://shop.example/p/1 'https://www.awin1.com/cread.php?awinmid=1&awinaffid=2'
  quietleaks check --json URL | jq '.status, .evidence.summary'
  quietleaks check --resolve shop.test:443:127.0.0.1 --allow-address 127.0.0.0/8 --cacert ca.pem https://shop.test/p/1

--json prints url, status (healthy, broken, redirected, slow; null if nothing was concluded), outcome (conclusive,
inconclusive, refused), failure_mode, final_url, http_status, duration_ms, hops and evidence, whose hop is the index of
the one at fault.

Exit codes: 0 healthy, redirected or slow; 1 broken; 2 inconclusive; 3 refused (no public host, or not a web port), or no
URL that can be checked.)";

struct Arguments {
  std::string url;
  std::string baseline;
  std::vector<std::string> resolve, allowed;
  std::string cacert;
  std::string timeout = "20", slow_after = "3";
  std::string expected_host, tag_parameter, program;
};

Failure unusable(const std::string& code, const std::string& message, const std::string& hint) {
  return {Exit::unusable, code, message, hint};
}

check::Milliseconds milliseconds(const std::string& option, const std::string& text, double most) {
  double seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || end != text.data() + text.size() || !(seconds > 0 && seconds <= most))
    throw unusable("invalid_option",
                   option + " " + printable(text) + " is no number of seconds above 0 and up to " +
                       std::to_string(static_cast<int>(most)),
                   "Write it as in " + option + " 2.5");
  return check::Milliseconds(std::max<std::int64_t>(static_cast<std::int64_t>(seconds * 1000), 1));
}

check::FetchOptions fetch_options(const Arguments& arguments) {
  check::FetchOptions options;
  for (const auto& network : arguments.allowed) options.guard.allow(network);
  options.resolve = arguments.resolve;
  options.cacert_file = arguments.cacert;
  if (!arguments.cacert.empty()) base::read_file(arguments.cacert, 16 << 20);  // says what is wrong with it
  options.timeout = milliseconds("--timeout", arguments.timeout, 120);
  return options;
}

check::Record fetch(const Arguments& arguments) {
  check::Fetcher fetcher(fetch_options(arguments));
  std::optional<check::Record> record;
  fetcher.start(arguments.url, [&](check::Record&& fetched) { record = std::move(fetched); });
  while (!record) fetcher.turn(check::Milliseconds(1000));
  return std::move(*record);
}

std::optional<std::string> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Paint paint_of(const check::Verdict& verdict) {
  if (!verdict.status) return Paint::yellow;
  return verdict.status == db::LinkStatus::broken    ? Paint::red
         : verdict.status == db::LinkStatus::healthy ? Paint::green
                                                     : Paint::yellow;
}

std::string chain_table(const Console& console, const check::Record& record, const check::Verdict& verdict) {
  Array rows;
  for (std::size_t i = 0; i < record.hops.size(); ++i) {
    const auto& hop = record.hops[i];
    const bool by_page = hop.location && hop.kind != check::HopKind::http;
    rows.emplace_back(Object{{"hop", static_cast<std::int64_t>(i)},
                             {"status", hop.http_status ? Value(*hop.http_status) : Value()},
                             {"leads", by_page ? std::string(check::hop_kind_name(hop.kind)) : std::string()},
                             {"time", std::to_string(hop.duration.count()) + " ms"},
                             {"fault", verdict.evidence.hop == i ? "<-" : ""},
                             {"url", base::shorten(printable(hop.url), 160)}});
  }
  return console.table({{"HOP", "hop", Align::right},
                        {"HTTP", "status", Align::right},
                        {"LEADS ON BY", "leads"},
                        {"TIME", "time", Align::right},
                        {"FAULT", "fault"},
                        {"URL", "url"}},
                       rows);
}

void print(const Console& console, const check::Record& record, const check::Verdict& verdict) {
  std::string head(verdict.status ? db::status_name(*verdict.status) : check::outcome_name(verdict.outcome));
  if (verdict.failure_mode && head != check::failure_mode_name(*verdict.failure_mode))
    head += std::string(": ") + std::string(check::failure_mode_name(*verdict.failure_mode));
  console.print(chain_table(console, record, verdict) + "\n");
  console.print(console.paint(paint_of(verdict), head));
  console.print(printable(verdict.evidence.summary));
  if (!verdict.evidence.detail.empty()) console.print(console.paint(Paint::dim, printable(verdict.evidence.detail)));
}

Exit exit_of(const check::Verdict& verdict) {
  if (verdict.outcome == check::Outcome::refused) return Exit::unusable;
  if (verdict.outcome == check::Outcome::inconclusive) return Exit::usage;
  return verdict.status == db::LinkStatus::broken ? Exit::failed : Exit::done;
}

void check_url(Context& context, const Arguments& arguments) {
  if (!check::Url::parse(arguments.url))
    throw unusable("invalid_url", "\"" + base::shorten(printable(arguments.url), 200) + "\" is no URL to check",
                   "Write it whole, as in https://shop.example/page, and in quotes if it has an &.");
  if (!arguments.baseline.empty() && !check::Url::parse(arguments.baseline))
    throw unusable("invalid_baseline",
                   "--baseline \"" + base::shorten(printable(arguments.baseline), 200) + "\" is no http or https URL",
                   "Write where the last healthy check ended.");
  const check::Record record = fetch(arguments);
  const auto& programs = db::known_programs();
  const check::Verdict verdict = check::judge(arguments.url, record,
                                              {.baseline = if_given(arguments.baseline),
                                               .accepted = false,
                                               .final_host = if_given(check::lower_ascii(arguments.expected_host)),
                                               .tag_parameter = if_given(arguments.tag_parameter),
                                               .program = if_given(arguments.program),
                                               .programs = programs,
                                               .slow_after = milliseconds("--slow-after", arguments.slow_after, 120)});
  const Console console = context.console();
  if (console.json())
    console.print(check::report_json(arguments.url, record, verdict));
  else
    print(console, record, verdict);
  context.exit = exit_of(verdict);
}

}  // namespace

void add_check_command(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand("check", "Check one URL now, without database or settings");
  command->add_option("URL", arguments->url, "Where the link leads")->required();
  command->add_option("--baseline", arguments->baseline, "Where the last healthy check ended")->type_name("FINAL_URL");
  command->add_option("--resolve", arguments->resolve, "An address for a name; may be repeated")
      ->type_name("HOST:PORT:ADDRESS")
      ->take_all()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--allow-address", arguments->allowed, "Check these addresses, too, on any port; may be repeated")
      ->type_name("CIDR")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--cacert", arguments->cacert, "Certificate authorities to trust, in PEM, not the system's")
      ->type_name("FILE");
  command->add_option("--timeout", arguments->timeout, "Seconds for the whole chain")
      ->type_name("SECONDS")
      ->capture_default_str();
  command->add_option("--slow-after", arguments->slow_after, "Seconds above which a healthy link is slow")
      ->type_name("SECONDS")
      ->capture_default_str();
  command->add_option("--expect-host", arguments->expected_host, "It has to end at this host, or below it")
      ->type_name("HOST");
  command->add_option("--expect-tag", arguments->tag_parameter, "This parameter has to be in the URL where it ends")
      ->type_name("NAME");
  command->add_option("--program", arguments->program, "The affiliate program, where its host does not tell")
      ->type_name("NAME");
  command->footer(kHelp);
  command->callback([arguments, &context] {
    try {
      check_url(context, *arguments);
    } catch (const Failure&) {
      throw;
    } catch (const std::invalid_argument& error) {
      throw unusable("invalid_option", error.what(), "See `quietleaks check --help`.");
    } catch (const std::exception& error) {  // "failed" would say that the link is broken
      throw unusable("check_failed", error.what(), "Nothing was concluded about the link.");
    }
  });
}

}  // namespace cli
