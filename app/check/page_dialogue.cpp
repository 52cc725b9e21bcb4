// Source: the DevTools protocol's domains Target, Fetch, Page and Emulation (chromedevtools.github.io).
#include "app/check/page_dialogue.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/base/crypto.hpp"
#include "app/http/problem.hpp"

namespace check {
namespace {

constexpr std::int64_t kVirtualMilliseconds = 10'000;  // as page_redirect.cpp waits for a refresh
constexpr std::int64_t kStarvation = 1000;             // tasks that may run while that clock stands still

// The headers that a page or a part keeps: those that say how to read it, and who may.
bool is_kept(const std::string& name) {
  static constexpr std::array<std::string_view, 8> kKept{
      "content-type", "content-language", "content-security-policy", "content-disposition",
      "location",     "set-cookie",       "x-content-type-options",  "cross-origin-resource-policy"};
  return name.starts_with("access-control-") || std::find(kKept.begin(), kKept.end(), name) != kKept.end();
}

bool is_web(const std::string& url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

PausedRequest read_request(const http::JsonValue& message, const std::string& frame) {
  return {.id = text_at(message, "params.requestId"),
          .type = text_at(message, "params.resourceType"),
          .method = text_at(message, "params.request.method"),
          .url = text_at(message, "params.request.url"),
          .referrer = text_at(message, "params.request.headers.Referer"),
          .main_frame = text_at(message, "params.frameId") == frame};
}

}  // namespace

RequestKind kind_of(const PausedRequest& request, const std::string& page_url) {
  const bool plain = request.method == "GET" && is_web(request.url);
  if (request.type == "Document") {
    if (!request.main_frame) return RequestKind::refused;
    if (page_url.empty()) return RequestKind::page;
    return plain && request.url != page_url ? RequestKind::lead : RequestKind::refused;
  }
  const bool part = request.type == "Script" || request.type == "XHR" || request.type == "Fetch";
  return part && plain ? RequestKind::part : RequestKind::refused;
}

PageDialogue::PageDialogue(ScriptedPage page) : page_(std::move(page)) {
  say(command("Browser.setDownloadBehavior").text("behavior", "deny"));
  say(command("Target.setAutoAttach")
          .flag("autoAttach", true)
          .flag("waitForDebuggerOnStart", false)
          .flag("flatten", true));
}

DevtoolsCommand PageDialogue::command(std::string_view method) {
  return {++last_id_, method, session_};
}

std::string PageDialogue::take_words() {
  return std::exchange(words_, {});
}

std::vector<PausedRequest> PageDialogue::take_wanted() {
  return std::exchange(wanted_, {});
}

// What is no JSON that can be read is passed over: a page may have put it there.
void PageDialogue::hear(const std::string& message) {
  http::JsonValue value;
  try {
    value = http::parse_json(message);
  } catch (const http::Problem&) {
    return;
  }
  const std::string method = text_at(value, "method");
  if (method == "Target.attachedToTarget") return attached(value);
  if (session_.empty() || text_at(value, "sessionId") != session_) return;
  if (!method.empty()) return event(method, value);
  const auto* id = value_at(value, "id");
  if (id != nullptr && id->as<std::int64_t>() != nullptr) reply(*id->as<std::int64_t>(), value);
}

// The first page is ours; popups come later.
void PageDialogue::attached(const http::JsonValue& message) {
  if (!session_.empty() || text_at(message, "params.targetInfo.type") != "page") return;
  session_ = text_at(message, "params.sessionId");
  frame_ = text_at(message, "params.targetInfo.targetId");
  say(command("Fetch.enable"));
  say(command("Page.enable"));
  prepared_id_ = last_id_;
}

void PageDialogue::reply(std::int64_t id, const http::JsonValue& message) {
  const bool failed = value_at(message, "error") != nullptr || value_at(message, "result.errorText") != nullptr;
  if (id == prepared_id_ && !failed) {
    std::string url = page_.url.text();
    if (!page_.url.fragment().empty()) url += '#' + page_.url.fragment();
    say(command("Page.navigate").text("url", url));
    navigate_id_ = last_id_;
  } else if (id == prepared_id_ || id == navigate_id_) {
    over_ = over_ || failed;
  }
}

void PageDialogue::event(const std::string& method, const http::JsonValue& message) {
  const auto in_frame = [&](std::string_view path) { return text_at(message, path) == frame_; };
  if (method == "Fetch.requestPaused")
    paused(read_request(message, frame_));
  else if (method == "Page.javascriptDialogOpening")
    close_dialog(message);
  else if (method == "Page.frameNavigated" && in_frame("params.frame.id") && page_given())
    start_clock();
  else if (method == "Page.frameRequestedNavigation" && in_frame("params.frameId"))
    navigating_ = is_web(text_at(message, "params.url"));
  else if (method == "Emulation.virtualTimeBudgetExpired")
    time_is_over_ = true;
  else if (method == "Inspector.targetCrashed" || method == "Inspector.detached")
    over_ = true;
  over_ = over_ || (time_is_over_ && !navigating_);
}

// Not before the page is there: the time would be that of the empty page before it.
void PageDialogue::start_clock() {
  if (std::exchange(clock_runs_, true)) return;
  say(command("Emulation.setVirtualTimePolicy")
          .text("policy", "pauseIfNetworkFetchesPending")
          .number("budget", kVirtualMilliseconds)
          .number("maxVirtualTimeTaskStarvationCount", kStarvation));
}

// As somebody who wants to leave, and agrees to nothing else.
void PageDialogue::close_dialog(const http::JsonValue& message) {
  say(command("Page.handleJavaScriptDialog").flag("accept", text_at(message, "params.type") == "beforeunload"));
}

void PageDialogue::paused(const PausedRequest& request) {
  switch (kind_of(request, page_url_)) {
    case RequestKind::page:
      page_url_ = request.url;
      return give(request.id, 200, page_.headers, page_.body);
    case RequestKind::lead:
      led_to_ = request.url;
      over_ = true;
      return;
    case RequestKind::part:
      if (parts_ == kMaxParts) return refuse(request.id);
      ++parts_;
      wanted_.push_back(request);
      return;
    case RequestKind::refused:
      return refuse(request.id);
  }
}

void PageDialogue::answer_part(const std::string& id, const Answer& answer) {
  if (answer.ending == Ending::answered && !answer.body_cut && answer.status >= 200)
    give(id, answer.status, answer.headers, answer.body);
  else
    refuse(id);
}

void PageDialogue::give(const std::string& request, int status, const std::vector<Header>& headers,
                        std::string_view body) {
  auto fulfil = command("Fetch.fulfillRequest");
  fulfil.text("requestId", request).number("responseCode", status);
  fulfil.parameters().key("responseHeaders").begin_array();
  for (const Header& header : headers)
    if (is_kept(header.name)) {
      fulfil.parameters().begin_object();
      fulfil.text("name", header.name).text("value", header.value);
      fulfil.parameters().end_object();
    }
  fulfil.parameters().end_array();
  say(fulfil.text("body", base::base64(body)));
}

void PageDialogue::refuse(const std::string& request) {
  say(command("Fetch.failRequest").text("requestId", request).text("errorReason", "Aborted"));
}

}  // namespace check
