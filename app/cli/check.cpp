// quietleaks check: one check from the command line. Needs neither a database nor a settings file.
#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
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
  quietleaks check --headless URL    # a page that only a script leads on, too
  quietleaks check --resolve shop.test:443:127.0.0.1 --allow-address 127.0.0.0/8 --cacert ca.pem https://shop.test/p/1

--headless gives pages that show next to nothing to Chromium, without a network of its own, for at most 5 seconds of
scripts; a monitor does so with monitor.headless. If it cannot be started, that is told on standard error, and the check
is as without it.

--json prints url, status (healthy, broken, redirected, slow; null if nothing was concluded), outcome (conclusive,
inconclusive, refused), failure_mode, final_url, http_status, duration_ms, hops and evidence, whose hop is the index of
the one at fault.

Exit codes: 0 healthy, redirected or slow; 1 broken; 2 inconclusive; 3 refused (no public host, or not a web port), or no
URL that can be checked.)";

struct Arguments {
  std::string url;
  std::optional<std::string> baseline;
  std::vector<std::string> resolve, allowed;
  std::optional<std::string> cacert;
  std::string timeout = "20", slow_after = "3";
  bool headless = false;
  std::string headless_program = "chromium";
  std::optional<std::string> expected_host, tag_parameter, program;
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

// Empty: the system's.
std::string cacert_file(const Arguments& arguments) {
  if (!arguments.cacert) return {};
  if (base::read_file(*arguments.cacert, 16 << 20).find("-----BEGIN ") == std::string::npos)
    throw unusable("invalid_option", "--cacert " + printable(*arguments.cacert) + " holds no certificate",
                   "Give a file in PEM: its certificates begin with -----BEGIN CERTIFICATE-----");
  return *arguments.cacert;
}

check::FetchOptions fetch_options(const Arguments& arguments) {
  check::FetchOptions options;
  for (const auto& network : arguments.allowed) options.guard.allow(network);
  options.resolve = arguments.resolve;
  options.cacert_file = cacert_file(arguments);
  options.timeout = milliseconds("--timeout", arguments.timeout, 120);
  if (arguments.headless) options.headless_program = arguments.headless_program;
  options.headless_fault = [](const std::string& fault) {
    std::cerr << "quietleaks: scripts were not followed: " << printable(fault) << '\n';
  };
  return options;
}

struct Checked {
  check::Record record;
  check::Verdict verdict;
};

Checked checked(const Arguments& arguments, const check::Expectations& expectations) {
  check::Fetcher fetcher(fetch_options(arguments));
  std::optional<Checked> result;
  fetcher.start(
      arguments.url, [&](const check::Record& record) { return check::judge(arguments.url, record, expectations); },
      [&](check::Record&& record, check::Verdict&& verdict) {
        result = {std::move(record), std::move(verdict)};
      });
  while (!result) fetcher.turn(check::Milliseconds(1000));
  return std::move(*result);
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

bool is_host(const std::string& text) {
  const auto url = check::Url::parse("https://" + text);
  return url && url->text() == "https://" + check::lower_ascii(text) + "/";
}

void require_usable(const Arguments& arguments) {
  const auto quoted = [](const std::string& text) { return " \"" + base::shorten(printable(text), 200) + "\" "; };
  if (arguments.baseline && !check::Url::parse(*arguments.baseline))
    throw unusable("invalid_baseline", "--baseline" + quoted(*arguments.baseline) + "is no http or https URL",
                   "Write where the last healthy check ended.");
  if (arguments.expected_host && !is_host(*arguments.expected_host))
    throw unusable("invalid_option", "--expect-host" + quoted(*arguments.expected_host) + "is no host",
                   "Write a name alone, as in --expect-host shop.example");
  if (arguments.tag_parameter && arguments.tag_parameter->empty())
    throw unusable("invalid_option", "--expect-tag is empty", "Name a parameter, as in --expect-tag tag");
  const auto& programs = db::known_programs();
  const auto is_meant = [&](const db::Program& program) { return program.name == *arguments.program; };
  if (arguments.program && std::none_of(programs.begin(), programs.end(), is_meant)) {
    std::string names;
    for (const auto& program : programs) names += (names.empty() ? "" : ", ") + program.name;
    throw unusable("unknown_program", "--program" + quoted(*arguments.program) + "is not known", "Known are: " + names);
  }
}

void check_url(Context& context, const Arguments& arguments) {
  if (!check::Url::parse(arguments.url))
    throw unusable(
        "invalid_url", "\"" + base::shorten(printable(arguments.url), 200) + "\" is no URL to check",
        "Only http and https are checked. Write it whole, as in https://shop.example/page, in quotes if it has an &.");
  require_usable(arguments);
  const auto& programs = db::known_programs();
  const auto expected_host =
      arguments.expected_host ? std::optional(check::lower_ascii(*arguments.expected_host)) : std::nullopt;
  const auto [record, verdict] =
      checked(arguments, {.baseline = arguments.baseline,
                          .accepted = false,
                          .final_host = expected_host,
                          .tag_parameter = arguments.tag_parameter,
                          .program = arguments.program,
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
  command->add_flag("--headless", arguments->headless, "Run the scripts of pages that show next to nothing");
  command->add_option("--headless-program", arguments->headless_program, "Chromium, for --headless")
      ->type_name("PROGRAM")
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
