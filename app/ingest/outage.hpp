// Something that fails again and again is said in the log once, and once more when it works again.
#pragma once

#include <string_view>
#include <utility>

#include "app/base/log.hpp"

namespace ingest {

class Outage {
 public:
  explicit Outage(std::string_view event) : event_(event) {}  // a constant of the program

  void begin(std::string_view detail) {
    if (!std::exchange(lasts_, true)) base::log::error(event_, {{"detail", detail}});
  }
  void end() {
    if (std::exchange(lasts_, false)) base::log::info("it_works_again", {{"what", event_}});
  }
  bool lasts() const { return lasts_; }

 private:
  const std::string_view event_;
  bool lasts_ = false;
};

}  // namespace ingest
