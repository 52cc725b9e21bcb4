#include "tests/unit/verdict_corpus.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace corpus {
namespace {

using check::Ending;

constexpr std::array<std::pair<std::string_view, Ending>, 14> kEndings{{{"answered", Ending::answered},
                                                                        {"no_such_host", Ending::no_such_host},
                                                                        {"resolver_failed", Ending::resolver_failed},
                                                                        {"late_lookup", Ending::late_lookup},
                                                                        {"unclear", Ending::unclear},
                                                                        {"crowded", Ending::crowded},
                                                                        {"connect_failed", Ending::connect_failed},
                                                                        {"timed_out", Ending::timed_out},
                                                                        {"tls_failed", Ending::tls_failed},
                                                                        {"broken_answer", Ending::broken_answer},
                                                                        {"bad_location", Ending::bad_location},
                                                                        {"too_many_hops", Ending::too_many_hops},
                                                                        {"refused", Ending::refused},
                                                                        {"failed", Ending::failed}}};

check::Hop hop_of(std::string_view how, std::string url) {
  check::Hop hop{
      .url = std::move(url), .http_status = 200, .location = std::nullopt, .duration = check::Milliseconds(50)};
  if (how == "none") hop.http_status = std::nullopt;
  if (how == "meta") hop.kind = check::HopKind::meta;
  if (how == "script") hop.kind = check::HopKind::script;
  if (how.find_first_not_of("0123456789") == std::string_view::npos) hop.http_status = std::stoi(std::string(how));
  return hop;
}

class Reader {
 public:
  Reader(const std::filesystem::path& path, std::vector<Case>& cases)
      : file_(path), name_(path.filename().string()), cases_(cases) {}

  void read() {
    for (std::string line; std::getline(file_, line);) {
      ++number_;
      if (line.starts_with("== ")) {
        finish();
        Case& c = cases_.emplace_back();
        c.place = name_ + ":" + std::to_string(number_);
        c.name = line.substr(3);
        c.record.ending = Ending::answered;
        c.record.duration = check::Milliseconds(200);
        in_page_ = false;
        open_ = true;
      } else if (in_page_) {
        cases_.back().record.body += line + "\n";
      } else if (!line.empty() && line[0] != '#') {
        member(line);
      }
    }
    finish();
  }

 private:
  [[noreturn]] void fail(const std::string& line) const {
    throw std::runtime_error(name_ + ":" + std::to_string(number_) + ": cannot read \"" + line + "\"");
  }

  void member(const std::string& line) {
    if (!open_) fail(line);
    Case& c = cases_.back();
    const std::size_t space = line.find(' ');
    const std::string name = line.substr(0, space);
    const std::string value = space == std::string::npos ? "" : line.substr(space + 1);
    if (name == "page:")
      in_page_ = true;
    else if (name == "expect:")
      c.expected = value;
    else if (name == "asked:")
      c.asked = value;
    else if (name == "baseline:")
      c.baseline = value;
    else if (name == "accepted:")
      c.accepted = value == "yes";
    else if (name == "final_host:")
      c.final_host = value;
    else if (name == "tag_parameter:")
      c.tag_parameter = value;
    else if (name == "program:")
      c.program = value;
    else if (name == "took:")
      c.record.duration = check::Milliseconds(std::stoi(value));
    else if (name == "cut:")
      c.record.body_cut = value == "yes";
    else if (name == "location:")
      location_ = value;
    else if (name == "header:")
      header(value);
    else if (name == "cookie:" && !c.record.hops.empty())
      c.record.hops.back().cookies += value + '\n';
    else if (name == "ending:")
      ending(value);
    else if (value.starts_with("http"))
      c.record.hops.push_back(hop_of(name, value));
    else
      fail(line);
  }

  void header(const std::string& value) {
    const std::size_t colon = value.find(": ");
    cases_.back().record.headers.push_back({value.substr(0, colon), value.substr(colon + 2)});
  }

  void ending(const std::string& value) {
    const auto* const found =
        std::find_if(kEndings.begin(), kEndings.end(), [&](const auto& e) { return e.first == value; });
    if (found == kEndings.end()) fail(value);
    cases_.back().record.ending = found->second;
  }

  void finish() {
    if (!open_) return;
    Case& c = cases_.back();
    auto& record = c.record;
    if (c.expected.empty() || record.hops.empty()) fail(c.name);
    for (std::size_t hop = 0; hop + 1 < record.hops.size(); ++hop) record.hops[hop].location = record.hops[hop + 1].url;
    record.hops.back().location = std::exchange(location_, std::nullopt);
    if (c.asked.empty()) c.asked = record.hops.front().url;
    const auto typed = [](const check::Header& each) { return each.name == "content-type"; };
    if (std::none_of(record.headers.begin(), record.headers.end(), typed))
      record.headers.push_back({"content-type", "text/html; charset=utf-8"});
    open_ = false;
  }

  std::ifstream file_;
  std::string name_;
  std::vector<Case>& cases_;
  std::optional<std::string> location_;
  int number_ = 0;
  bool in_page_ = false;
  bool open_ = false;
};

}  // namespace

std::vector<Case> read_cases(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".case") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const auto& path : paths) Reader(path, cases).read();
  return cases;
}

}  // namespace corpus
