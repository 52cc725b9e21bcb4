#include "app/links/importer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "app/links/slugs.hpp"

namespace links {
Importer::Importer(db::Links& links, const db::Uuid& account_id, CsvReader& reader, std::string public_url,
                   const Programs& programs)
    : links_(links),
      account_id_(account_id),
      reader_(reader),
      public_url_(std::move(public_url)),
      programs_(programs) {}

Importer::Result Importer::run(const std::function<bool(std::int64_t)>& after_row) {
  const CsvReader::Result header = reader_.next();
  if (!after_row(0)) return Result::stopped;
  const LinkRowParser parser = parse_header(header);
  settled_line_ = reader_.record_line();
  std::int64_t rows = 0;
  for (;;) {
    const CsvReader::Result result = reader_.next();
    if (!after_row(rows)) return Result::stopped;
    if (result == CsvReader::Result::end) break;
    ++rows;
    if (result == CsvReader::Result::fault) {
      const CsvFault& fault = reader_.fault();
      note({fault.line, parser.heading(fault.field), fault.reason});
    } else {
      take(parser);
    }
    if (rows_.size() == kBatch) flush();
  }
  flush();
  std::stable_sort(summary_.faults.begin(), summary_.faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.line < b.line; });
  return Result::complete;
}

LinkRowParser Importer::parse_header(CsvReader::Result result) const {
  if (result == CsvReader::Result::record) return {reader_.fields(), public_url_, programs_};
  throw HeaderFault(result == CsvReader::Result::end ? "the file is empty" : reader_.fault().reason);
}

void Importer::take(const LinkRowParser& parser) {
  const std::int64_t line = reader_.record_line();
  db::NewLink link;
  if (auto fault = parser.parse(reader_.fields(), line, link)) return note(std::move(*fault));
  if (!link.slug.empty()) {
    const auto [earlier, added] = slug_lines_.emplace(link.slug, line);
    if (!added)
      return note(
          {line, "slug", "\"" + link.slug + "\" is that of line " + std::to_string(earlier->second) + " already"});
  }
  pending_.push_back({line, link.slug.empty()});
  rows_.push_back(std::move(link));
}

void Importer::flush() {
  const std::int64_t last_line = reader_.record_line();
  for (int attempt = 0; !rows_.empty(); ++attempt) {
    if (attempt == kSlugAttempts) throw NoFreeSlug();
    insert_pending();
  }
  slug_lines_.clear();
  settled_line_ = last_line;
}

void Importer::insert_pending() {
  if (trial_) return settle(trial_->insert(rows_));
  name_generated();
  const auto ids = links_.insert(account_id_, rows_);
  settle(ids);
}

void Importer::name_generated() {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    while (rows_[i].slug.empty())
      if (std::string slug = random_slug(); slug_lines_.emplace(slug, pending_[i].line).second)
        rows_[i].slug = std::move(slug);
}

// Counts what went in, notes what cannot, and keeps the rows whose generated slug turned out to be taken.
void Importer::settle(const std::vector<db::Inserted>& outcome) {
  std::vector<db::NewLink> again;
  std::vector<Pending> again_pending;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (outcome[i].id) {
      ++summary_.imported;
    } else if (outcome[i].limit_reached) {
      note({pending_[i].line, "", "the account has as many links as its plan allows"});
    } else if (pending_[i].generated_slug) {
      rows_[i].slug.clear();
      again.push_back(std::move(rows_[i]));
      again_pending.push_back(pending_[i]);
    } else {
      note({pending_[i].line, "slug", "\"" + rows_[i].slug + "\" is taken, by another link or an earlier line"});
    }
  }
  rows_ = std::move(again);
  pending_ = std::move(again_pending);
}

void Importer::note(RowFault fault) {
  ++summary_.skipped;
  if (summary_.faults.size() < kMaxFaults) summary_.faults.push_back(std::move(fault));
}

}  // namespace links
