#include "handlers/link_csv.hpp"

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "app/base/clock.hpp"
#include "app/base/text.hpp"
#include "app/http/json.hpp"
#include "app/http/problem.hpp"
#include "app/http/query.hpp"
#include "app/links/exporter.hpp"
#include "app/links/importer.hpp"
#include "app/web/error_boundary.hpp"
#include "db/error.hpp"
#include "handlers/body.hpp"
#include "handlers/link_filter.hpp"
#include "handlers/parameters.hpp"
#include "handlers/transfer_place.hpp"
#include "handlers/views.hpp"

namespace handlers {
namespace {

constexpr int kExportsAtOnce = 2;  // of one account
constexpr int kImportsAtOnce = 1;

// --- export -------------------------------------------------------------------------------------------------------

// The first page is read before the answer begins, so that what goes wrong by then still gets an answer of its own.
class Export {
 public:
  Export(web::Context& context, db::LinkFilter filter)
      : place_(context, "export", kExportsAtOnce),
        exporter_(links::found_links(context.database.link_search(), context.identity.account_id, std::move(filter),
                                     base::day_number(context.now)),
                  context.public_url),
        more_(exporter_.next(first_)) {}

  bool next(std::string& piece) {
    if (first_.empty()) return exporter_.next(piece);
    piece = std::exchange(first_, {});
    return more_;
  }

 private:
  TransferPlace place_;
  links::Exporter exporter_;
  std::string first_;
  bool more_;
};

// --- import -------------------------------------------------------------------------------------------------------

bool parse_dry_run(const http::Query& query) {
  const auto* text = query.find("dry_run");
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  throw invalid_parameter("dry_run", "dry_run must be true or false.");
}

std::string counted(std::int64_t number, const char* noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string how_far(const links::Importer& importer) {
  return "The import stopped behind line " + std::to_string(importer.settled_line()) + ": " +
         counted(importer.summary().imported, "link") + " imported, " + counted(importer.summary().skipped, "row") +
         " skipped. Go on with the lines behind it, under the same first line.";
}

// The same problem, with what its client needs in order to go on.
http::Problem stopped(const std::exception_ptr& thrown, const links::Importer& importer) {
  const auto cause = web::to_problem(thrown);
  const auto far = importer.only_tries() ? std::string("Nothing was changed.") : how_far(importer);
  http::Problem problem(cause.status(), cause.code(), cause.detail() + " " + far);
  for (const auto& [name, value] : cause.headers()) problem.with_header(name, value);
  problem.for_log((cause.log_detail().empty() ? cause.detail() : cause.log_detail()) + "; " + far);
  return problem;
}

void run(links::Importer& importer) {
  try {
    importer.run([](std::int64_t) { return true; });
  } catch (const links::HeaderFault& fault) {
    throw http::Problem(422, "invalid_csv",
                        std::string("The first line must name the columns, separated by commas: url, and any of label, "
                                    "program, slug, tags, created_at and fallback_url. What is wrong: ") +
                            fault.what() + ".");
  } catch (const links::NoFreeSlug&) {
    http::Problem problem(503, "no_free_slug", "No free slug was found for a row that names none.");
    problem.with_header("Retry-After", "2");
    throw stopped(std::make_exception_ptr(problem), importer);
  } catch (...) {
    throw stopped(std::current_exception(), importer);
  }
}

std::string render(const links::Importer& importer) {
  const auto& summary = importer.summary();
  http::JsonWriter json;
  json.begin_object();
  json.key("imported").integer(summary.imported);
  json.key("skipped").integer(summary.skipped);
  json.key("dry_run").boolean(importer.only_tries());
  json.key("errors").begin_array();
  for (const auto& fault : summary.faults) {
    json.begin_object().key("line").integer(fault.line).key("column");
    fault.column.empty() ? json.null() : json.string(fault.column);
    json.key("detail").string(base::replace_bad_utf8(fault.reason)).end_object();
  }
  json.end_array();
  json.key("errors_complete").boolean(summary.skipped == static_cast<std::int64_t>(summary.faults.size()));
  json.end_object();
  return json.take();
}

}  // namespace

http::Response export_links(const http::Request& request, web::Context& context) {
  ParameterFaults faults;
  auto filter = parse_link_filter(http::Query(request.query), faults);
  faults.throw_if_any();
  http::Response response;
  response.set("Content-Type", "text/csv; charset=utf-8");
  response.set("Content-Disposition", "attachment; filename=\"links.csv\"");
  response.set("Cache-Control", "no-store");
  if (request.method == "HEAD") {
    response.source = [](std::string&) { return false; };  // so that it has no length, like what it tells of
    return response;
  }
  response.source = [all = std::make_shared<Export>(context, std::move(filter))](std::string& piece) {
    return all->next(piece);
  };
  return response;
}

http::Response import_links(const http::Request& request, web::Context& context) {
  require_csv(request);
  const bool dry_run = parse_dry_run(http::Query(request.query));
  const TransferPlace place(context, "import", kImportsAtOnce);
  const auto no_body = [](char*, std::size_t) { return std::size_t{0}; };
  links::CsvReader reader(request.read_body ? request.read_body : no_body);
  const links::Programs programs(context.database.programs().all());
  links::Importer importer(context.database.links(), context.identity.account_id, reader, context.public_url, programs);
  if (dry_run) importer.only_try();
  run(importer);
  auto response = json_response(render(importer));
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace handlers
