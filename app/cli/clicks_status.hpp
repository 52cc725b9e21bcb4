// How counting clicks is doing, from the scoreboard: for scripts, in lines for people, and what somebody has to act
// upon.
#pragma once

#include <string>
#include <vector>

#include "app/cli/console.hpp"
#include "app/cli/server_view.hpp"

namespace cli {

struct ClicksWarning {
  std::string code;  // a stable snake_case word: "clicks_late"
  std::string message;
  std::string hint;
};

std::vector<ClicksWarning> clicks_warnings(const ServerView& server, db::UnixSeconds now);

Object describe_clicks(const ServerView& server, db::UnixSeconds now);  // with the warnings
std::string clicks_lines(const Console& console, const ServerView& server, db::UnixSeconds now);

}  // namespace cli
