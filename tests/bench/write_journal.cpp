// bench-write-journal STATE_DIR RECORDS < LINKS: a backlog of clicks as go workers would have left it. LINKS has a line
// for each link: account and link id, separated by a tab. The clicks are of now, go to the links at random, one in ten
// is a bot's, and a visitor comes about three times.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "app/base/ids.hpp"
#include "app/base/text.hpp"
#include "app/clicks/journal.hpp"
#include "app/clicks/segment_writer.hpp"

namespace {

constexpr std::int64_t kWrittenAtOnce = 1024;
constexpr std::uint64_t kClicksOfVisitor = 3;
constexpr std::array kHosts = {"www.example.com", "blog.example.org",     "www.google.com",
                               "m.youtube.com",   "news.example.net",     "t.co",
                               "www.reddit.com",  "reviews.example.blog", ""};
constexpr std::array kCountries = {"US", "DE", "GB", "FR", "IN", "BR", "CA", "NL"};

using Link = std::pair<db::Uuid, db::Uuid>;

std::vector<Link> read_links(std::istream& in) {
  std::vector<Link> links;
  for (std::string line; std::getline(in, line);) {
    const std::string_view text = line;
    const auto tab = text.find('\t');
    const auto account = base::parse_uuid(text.substr(0, tab));
    const auto link = tab == text.npos ? std::nullopt : base::parse_uuid(text.substr(tab + 1));
    if (!account || !link) throw std::runtime_error("not two ids with a tab between them: " + line);
    links.emplace_back(*account, *link);
  }
  if (links.empty()) throw std::runtime_error("no links");
  return links;
}

class Visitors {
 public:
  Visitors(std::vector<Link> links, std::uint64_t clicks)
      : links_(std::move(links)), visitors_(clicks / kClicksOfVisitor + 1) {}

  clicks::Record next() {
    clicks::Record record;
    for (std::size_t i = 0; i < record.id.size(); ++i) record.id[i] = static_cast<std::uint8_t>(pick(256));
    std::tie(record.account_id, record.link_id) = links_[pick(links_.size())];
    record.time_us =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    record.visitor = 1 + pick(visitors_) * 0x9E3779B97F4A7C15U;  // a hash is spread over all 64 bits
    record.kind = pick(10) == 0 ? clicks::Kind::bot : clicks::Kind::human;
    record.device = static_cast<clicks::Device>(pick(4));
    const char* country = kCountries[pick(kCountries.size())];
    record.country = {country[0], country[1]};
    record.set_referrer_host(kHosts[pick(kHosts.size())]);
    record.seal();
    return record;
  }

 private:
  std::uint64_t pick(std::uint64_t choices) { return random_() % choices; }

  std::vector<Link> links_;
  std::uint64_t visitors_;
  std::mt19937_64 random_{std::random_device{}()};
};

void write(const std::filesystem::path& directory, std::int64_t count, Visitors& visitors) {
  std::unique_ptr<clicks::SegmentWriter> segment;
  std::vector<clicks::Record> part;
  for (std::int64_t left = count; left > 0; left -= static_cast<std::int64_t>(part.size())) {
    if (!segment || segment->bytes() >= clicks::Journal::kSegmentBytes)
      segment = clicks::SegmentWriter::make(directory, "bench");
    part.clear();
    while (std::cmp_less(part.size(), std::min(left, kWrittenAtOnce))) part.push_back(visitors.next());
    if (segment->append(part).error != 0) throw std::runtime_error("cannot write the journal");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = argc == 3 ? base::parse_int(argv[2]) : std::nullopt;
  if (!count || *count < 1) {
    std::cerr << "usage: bench-write-journal STATE_DIR RECORDS < LINKS\n";
    return 2;
  }
  try {
    Visitors visitors(read_links(std::cin), static_cast<std::uint64_t>(*count));
    write(clicks::journal_directory(argv[1]), *count, visitors);
  } catch (const std::exception& error) {
    std::cerr << "bench-write-journal: " << error.what() << '\n';
    return 1;
  }
}
