// Links of an account as a CSV file, page by page, in memory that does not grow with their number. Its first
// columns are those that an import reads; an import passes over the rest, which nobody but QuietLeaks can say.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "db/link_search.hpp"

namespace links {

// The next links of those that are wanted, in the order that is wanted; none: that was the end.
using LinkPages = std::function<std::vector<db::Link>()>;

// Those of a filter, in its order. No snapshot of all of them: but a link whose place in that order stays comes once.
LinkPages found_links(db::LinkSearch& search, const db::Uuid& account_id, db::LinkFilter filter, db::DayNumber today);

class Exporter {
 public:
  // `public_url` begins the proxy URLs; where it is empty, their column is.
  Exporter(LinkPages pages, std::string public_url) : pages_(std::move(pages)), public_url_(std::move(public_url)) {}

  // Appends the next lines, the first of which are the headings. False: those were the last. Throws what `pages` does.
  bool next(std::string& text);

  std::int64_t rows() const { return rows_; }  // so far

 private:
  LinkPages pages_;
  std::string public_url_;
  bool begun_ = false;
  std::int64_t rows_ = 0;
};

}  // namespace links
