// What is said to Chromium, and made of what it says, while it runs the scripts of one page: every request that it
// makes is answered here, none reaches a network. Does no I/O; what it hears may come from an enemy.
//
// The page's clock is DevTools' virtual time: it leaps over waiting. A page has ten seconds of it, which are over at
// once if nothing happens, and stands still while a part is fetched.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/check/devtools.hpp"
#include "app/check/scripted_page.hpp"
#include "app/check/transfer.hpp"

namespace check {

// A request that Chromium wants to make.
struct PausedRequest {
  std::string id;
  std::string type;  // of Chromium's: Document, Script, XHR, Fetch, Image ...
  std::string method, url, referrer;
  bool main_frame = false;
};

enum class RequestKind : std::uint8_t {
  page,  // for the page itself: the first one
  lead,  // for what its scripts go on to
  part,  // a script or data
  refused
};

// `page_url`: as Chromium spelled the page's; empty: it has not been asked for yet.
RequestKind kind_of(const PausedRequest& request, const std::string& page_url);

class PageDialogue {
 public:
  static constexpr int kMaxParts = 10;  // with their redirects

  explicit PageDialogue(ScriptedPage page);

  void hear(const std::string& message);
  void answer_part(const std::string& id, const Answer& answer);

  std::string take_words();                  // what is to be sent to Chromium now
  std::vector<PausedRequest> take_wanted();  // parts to fetch; each is to be answered

  bool page_given() const { return !page_url_.empty(); }
  bool over() const { return over_; }                                   // nothing more will come of it
  bool leaving() const { return time_is_over_ && navigating_; }         // it will be over soon
  const std::optional<std::string>& led_to() const { return led_to_; }  // absolute; none: nowhere

 private:
  void say(DevtoolsCommand& command) { words_ += command.finish(); }
  void say(DevtoolsCommand&& command) { say(command); }
  DevtoolsCommand command(std::string_view method);
  void attached(const http::JsonValue& message);
  void event(const std::string& method, const http::JsonValue& message);
  void reply(std::int64_t id, const http::JsonValue& message);
  void paused(const PausedRequest& request);
  void give(const std::string& request, int status, const std::vector<Header>& headers, std::string_view body);
  void refuse(const std::string& request);
  void close_dialog(const http::JsonValue& message);
  void start_clock();

  ScriptedPage page_;
  std::string words_;
  std::vector<PausedRequest> wanted_;
  std::int64_t last_id_ = 0, prepared_id_ = 0, navigate_id_ = 0;
  int parts_ = 0;
  std::string session_, frame_;  // of the page's target
  std::string page_url_;         // as Chromium spells it
  bool clock_runs_ = false, time_is_over_ = false, navigating_ = false, over_ = false;
  std::optional<std::string> led_to_;
};

}  // namespace check
