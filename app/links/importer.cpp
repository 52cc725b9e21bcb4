#include "app/links/importer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "app/base/crypto.hpp"

namespace links {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSlugLength = 7;  // 3.5e12 slugs: a collision is rare, and then another is tried
constexpr int kSlugAttempts = 8;

std::string random_slug() {
  std::string slug(kSlugLength, '\0');
  for (char& c : slug) c = kBase62[base::random_below(static_cast<std::uint32_t>(kBase62.size()))];
  return slug;
}

}  // namespace

Importer::Importer(db::Links& links, const db::Uuid& account_id, CsvReader& reader)
    : links_(links), account_id_(account_id), reader_(reader) {}

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
  if (result == CsvReader::Result::record) return LinkRowParser(reader_.fields());
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
  name_generated();
  const auto ids = links_.insert(account_id_, rows_);
  std::vector<bool> taken;
  taken.reserve(ids.size());
  for (const auto& id : ids) taken.push_back(!id.has_value());
  settle(taken);
}

void Importer::name_generated() {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    while (rows_[i].slug.empty())
      if (std::string slug = random_slug(); slug_lines_.emplace(slug, pending_[i].line).second)
        rows_[i].slug = std::move(slug);
}

// Counts what went in, notes what cannot, and keeps the rows whose generated slug turned out to be taken.
void Importer::settle(const std::vector<bool>& taken) {
  std::vector<db::NewLink> again;
  std::vector<Pending> again_pending;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!taken[i]) {
      ++summary_.imported;
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
