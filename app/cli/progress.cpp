#include "app/cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace cli {
namespace {

constexpr double kDrawEvery = 0.1;  // seconds
constexpr int kBarWidth = 28;
constexpr const char* kWipe = "\r\x1b[K";

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string bar(double done) {
  const int filled = static_cast<int>(done * kBarWidth);
  char percent[16];
  std::snprintf(percent, sizeof percent, "] %3d%%  ", static_cast<int>(done * 100));
  return "[" + std::string(static_cast<std::size_t>(filled), '=') +
         std::string(static_cast<std::size_t>(kBarWidth - filled), ' ') + percent;
}

std::string minutes(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  char text[32];
  std::snprintf(text, sizeof text, "%lld:%02lld", static_cast<long long>(whole / 60),
                static_cast<long long>(whole % 60));
  return text;
}

}  // namespace

std::string progress_line(std::int64_t bytes, std::int64_t total_bytes, std::int64_t rows, double seconds,
                          const std::string& things) {
  std::string counts = grouped(rows) + " " + things + "  " +
                       grouped(static_cast<std::int64_t>(static_cast<double>(rows) / std::max(seconds, 0.001))) + " " +
                       things + "/s";
  if (total_bytes <= 0) return counts;
  const double done = std::clamp(static_cast<double>(bytes) / static_cast<double>(total_bytes), 0.0, 1.0);
  const std::string left = done > 0 ? "  " + minutes(seconds / done - seconds) + " left" : "";
  return bar(done) + counts + left;
}

ProgressBar::ProgressBar(const Console& console, std::int64_t total_bytes, std::string things)
    : draws_(console.draws_progress()), total_bytes_(total_bytes), things_(std::move(things)) {}

ProgressBar::~ProgressBar() {
  if (draws_) std::fputs(kWipe, stderr);
}

void ProgressBar::show(std::int64_t bytes, std::int64_t rows) {
  const double now = stopwatch_.seconds();
  if (!draws_ || now < next_draw_) return;
  next_draw_ = now + kDrawEvery;
  std::fprintf(stderr, "%s%s", kWipe, progress_line(bytes, total_bytes_, rows, now, things_).c_str());
  std::fflush(stderr);
}

}  // namespace cli
