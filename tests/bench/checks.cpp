// bench-checks FILE AT_ONCE: fetches and judges the URLs of FILE, one on each line, as the monitor does, in one thread
// and with so many under way at any time; the loopback is allowed. Prints one line of JSON: how many, the seconds, the
// checks that did not find a healthy page, and the times of single checks.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/check/fetcher.hpp"
#include "app/check/verdict.hpp"
#include "db/known_programs.hpp"

namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::string> read_lines(const char* file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(std::string("cannot read ") + file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

check::FetchOptions loopback_too(std::size_t at_once) {
  check::FetchOptions options;
  options.kept_connections = 2 * static_cast<int>(at_once);
  options.guard.allow("127.0.0.0/8");
  return options;
}

class Run {
 public:
  Run(std::vector<std::string> urls, std::size_t at_once)
      : urls_(std::move(urls)), at_once_(at_once), fetcher_(loopback_too(at_once)) {}

  void all() {
    while (next_ < urls_.size() || fetcher_.running() > 0) {
      while (next_ < urls_.size() && fetcher_.running() < at_once_) start(urls_[next_++]);
      fetcher_.turn(check::Milliseconds(1000));
    }
  }

  void print(double seconds) {
    std::sort(times_ms_.begin(), times_ms_.end());
    const auto quantile = [&](double part) {
      return times_ms_.empty() ? 0.0
                               : times_ms_[static_cast<std::size_t>(part * static_cast<double>(times_ms_.size() - 1))];
    };
    std::printf(
        "{\"requests\":%zu,\"seconds\":%.4f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"errors\":{\"not_healthy\":%zu}}\n",
        times_ms_.size(), seconds, quantile(0.5), quantile(0.99), times_ms_.size() - healthy_);
  }

 private:
  void start(const std::string& url) {
    const auto judge = [this, &url](const check::Record& record) {
      check::Expectations expectations;
      expectations.programs = programs_;
      return check::judge(url, record, expectations);
    };
    fetcher_.start(url, judge, [this, began = Clock::now()](check::Record&&, check::Verdict&& verdict) {
      times_ms_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
      if (verdict.status == db::LinkStatus::healthy) ++healthy_;
    });
  }

  const std::vector<std::string> urls_;
  const std::size_t at_once_;
  const std::vector<db::Program> programs_ = db::known_programs();
  std::size_t next_ = 0;
  std::size_t healthy_ = 0;
  std::vector<double> times_ms_;
  check::Fetcher fetcher_;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: bench-checks FILE AT_ONCE");
  Run run(read_lines(argv[1]), std::strtoul(argv[2], nullptr, 10));
  const auto start = Clock::now();
  run.all();
  run.print(std::chrono::duration<double>(Clock::now() - start).count());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-checks: %s\n", error.what());
  return 1;
}
