// From a row of text to a link: which columns there are, and what each of them may hold.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/links/programs.hpp"
#include "db/links.hpp"

namespace links {

// A row that cannot go in, and why. `column` is empty where the whole row is at fault.
struct RowFault {
  std::int64_t line = 0;
  std::string column;
  std::string reason;
};

// The first line does not name the columns; what() has every fault of it, as in "unknown column \"uri\"; column url is
// missing".
class HeaderFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class LinkRowParser {
 public:
  // url must be there; label, program, slug, tags, created_at and fallback_url may be; in any order. The other columns
  // of an export are passed over. `public_url` is this installation's own; `programs` must outlive the
  // parser. Throws HeaderFault.
  LinkRowParser(const std::vector<std::string>& header, std::string public_url, const Programs& programs);

  // Fills `link` (its slug stays empty where the row names none; its label and its program are then what the url
  // tells), or says what is wrong with the first bad cell.
  std::optional<RowFault> parse(const std::vector<std::string>& row, std::int64_t line, db::NewLink& link) const;

  // The heading of the n-th field from 1; empty if there is none.
  std::string heading(std::size_t field) const;

 private:
  bool has(std::size_t rule) const;

  std::string public_url_;
  const Programs& programs_;
  std::vector<std::size_t> rules_;  // for each field, the index of its column's rule
};

}  // namespace links
