// Brings the rows of a CSV file into an account, a thousand in each transaction, in memory that does not grow with the
// file (or only finds out what would go in, with some bytes for each slug of the file). A bad row is noted and left
// out; the rest goes in. Whoever asked for it says how it went.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/links/csv.hpp"
#include "app/links/link_row.hpp"
#include "app/links/trial.hpp"
#include "db/links.hpp"

namespace links {

struct ImportSummary {
  std::int64_t imported = 0;
  std::int64_t skipped = 0;
  std::vector<RowFault> faults;  // the first hundred or so of the skipped rows, by line
};

// No free slug was found for a row that names none.
class NoFreeSlug : public std::runtime_error {
 public:
  NoFreeSlug() : std::runtime_error("no free slug was found for a row that names none") {}
};

class Importer {
 public:
  enum class Result { complete, stopped };

  static constexpr std::size_t kBatch = 1000;  // rows
  static constexpr std::size_t kMaxFaults = 100;

  // `public_url` is this installation's own: its proxy links are no destinations. What is given by reference must
  // outlive the importer.
  Importer(db::Links& links, const db::Uuid& account_id, CsvReader& reader, std::string public_url,
           const Programs& programs);

  // Before run(): nothing is to go in; the summary says what would.
  void only_try() { trial_.emplace(links_, account_id_); }
  bool only_tries() const { return trial_.has_value(); }

  // `after_row` is called for the first line (0) and for every row that was read; false stops the import. Throws
  // HeaderFault, NoFreeSlug and db::Error. However it ends, summary() and settled_line() hold.
  Result run(const std::function<bool(std::int64_t rows)>& after_row);

  const ImportSummary& summary() const { return summary_; }

  // Every row up to this line is in, or noted; 0 before the first line was understood.
  std::int64_t settled_line() const { return settled_line_; }

 private:
  struct Pending {
    std::int64_t line = 0;
    bool generated_slug = false;
  };

  LinkRowParser parse_header(CsvReader::Result result) const;
  void take(const LinkRowParser& parser);
  void flush();
  void insert_pending();
  void name_generated();
  void settle(const std::vector<db::Inserted>& outcome);
  void note(RowFault fault);

  db::Links& links_;
  db::Uuid account_id_;
  CsvReader& reader_;
  std::string public_url_;
  const Programs& programs_;
  std::optional<Trial> trial_;
  ImportSummary summary_;
  std::vector<db::NewLink> rows_;                             // waiting for their transaction
  std::vector<Pending> pending_;                              // what else is known of them
  std::unordered_map<std::string, std::int64_t> slug_lines_;  // their slugs
  std::int64_t settled_line_ = 0;
};

}  // namespace links
