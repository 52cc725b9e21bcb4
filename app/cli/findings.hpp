// What `quietleaks doctor` found: one verdict for each thing that it looked at, with advice where it is not good.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/context.hpp"
#include "app/cli/server_view.hpp"

namespace cli {

enum class Verdict { good, warning, failed };

struct Finding {
  Verdict verdict = Verdict::good;
  std::string check;   // "database"
  std::string detail;  // what is
  std::string hint;    // what to do; empty if good
};

class Findings {
 public:
  void good(std::string check, std::string detail) { add({Verdict::good, std::move(check), std::move(detail), ""}); }
  void warn(std::string check, std::string detail, std::string hint) {
    add({Verdict::warning, std::move(check), std::move(detail), std::move(hint)});
  }
  void fail(std::string check, std::string detail, std::string hint) {
    add({Verdict::failed, std::move(check), std::move(detail), std::move(hint)});
  }
  // Good if it holds, else failed.
  void expect(bool holds, std::string check, std::string detail, std::string hint) {
    holds ? good(std::move(check), std::move(detail)) : fail(std::move(check), std::move(detail), std::move(hint));
  }

  bool any(Verdict verdict) const;
  const std::vector<Finding>& all() const { return all_; }

 private:
  void add(Finding finding) { all_.push_back(std::move(finding)); }
  std::vector<Finding> all_;
};

// The parts of the examination.
std::optional<ServerView> examine_host(const base::Config& config, Findings& findings);  // the server, if it runs
void examine_state(const base::Config& config, const std::optional<ServerView>& server, Findings& findings);
void examine_database(Context& context, Findings& findings);
void examine_headless(const base::Config& config, Findings& findings);  // only if it is wanted

}  // namespace cli
