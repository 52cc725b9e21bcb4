// A progress bar on standard error: how far, how fast, how long still. Silent where nobody watches.
#pragma once

#include <cstdint>
#include <string>

#include "app/cli/context.hpp"

namespace cli {

class ProgressBar {
 public:
  // `total_bytes`: of the input; 0: unknown (a pipe), then there is no bar, only counts. `things`: what is counted;
  // where there is no input in bytes, they measure the way themselves.
  ProgressBar(const Console& console, std::int64_t total_bytes, std::string things = "rows");
  ~ProgressBar();  // wipes it from the screen
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::int64_t bytes, std::int64_t rows);  // draws at most ten times a second

 private:
  bool draws_;
  std::int64_t total_bytes_;
  std::string things_;
  Stopwatch stopwatch_;
  double next_draw_ = 0;
};

// The line that is drawn: "[=====     ]  50%  12,000 rows  8,000 rows/s  0:01 left", within 79 columns.
std::string progress_line(std::int64_t bytes, std::int64_t total_bytes, std::int64_t rows, double seconds,
                          const std::string& things);

}  // namespace cli
