#include "app/check/script_run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <exception>
#include <utility>

#include <sys/socket.h>

#include "app/check/contained_process.hpp"
#include "app/check/page_dialogue.hpp"
#include "app/check/page_parts.hpp"

namespace check {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kStart = 10s;        // until Chromium asks for the page
constexpr auto kScripts = 5s;       // from then on
constexpr auto kPart = 2s;          // for a script or data; the page's clock stands still meanwhile
constexpr auto kLeaving = 1s;       // between a page's wish to leave and its request
constexpr auto kAttention = 100ms;  // to `over`

std::vector<std::string> chromium_arguments(const FetchOptions& options) {
  return {"--headless=new",
          "--remote-debugging-pipe",
          "--user-data-dir=/tmp/profile",
          "--user-agent=" + (options.user_agent.empty() ? std::string(kBrowserName) : options.user_agent),
          "--lang=en-US",
          "--no-first-run",
          "--no-default-browser-check",
          "--no-pings",
          "--block-new-web-contents",
          "--disable-background-networking",
          "--disable-breakpad",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-dev-shm-usage",
          "--disable-domain-reliability",
          "--disable-extensions",
          "--disable-gpu",
          "--disable-software-rasterizer",
          "--disable-sync",
          "--metrics-recording-only",
          "--mute-audio",
          "--password-store=basic",
          "--blink-settings=imagesEnabled=false",
          "--js-flags=--jitless --max-old-space-size=256",  // no code that is made while it runs: slower, and safer
          "about:blank"};
}

class Runner {
 public:
  Runner(const ScriptedPage& page, const FetchOptions& options, Milliseconds at_most)
      : latest_(Clock::now() + at_most),
        until_(std::min(Clock::now() + kStart, latest_)),
        parts_(options),
        chromium_(options.headless_program, chromium_arguments(options)),
        dialogue_(page) {}

  ScriptRun run(const std::atomic<bool>& over) {
    while (!over && !dialogue_.over() && Clock::now() < until_)
      if (!turn()) break;
    if (dialogue_.led_to()) return {.led_to = Url::parse(*dialogue_.led_to()), .fault = {}};
    return {.led_to = std::nullopt,
            .fault = dialogue_.page_given() || over || Clock::now() >= latest_ ? "" : silence()};
  }

 private:
  // False: Chromium has ended, or says too much.
  bool turn() {
    to_send_ += dialogue_.take_words();
    if (!send_words()) return false;
    short events = CURL_WAIT_POLLIN;
    if (!to_send_.empty()) events |= CURL_WAIT_POLLOUT;
    const auto rest = std::chrono::ceil<Milliseconds>(until_ - Clock::now());
    for (const auto& part : parts_.wait({.fd = chromium_.socket(), .events = events, .revents = 0},
                                        std::clamp<Milliseconds>(rest, 0ms, kAttention)))
      dialogue_.answer_part(part.id, part.answer);
    if (!hear()) return false;
    for (const auto& wanted : dialogue_.take_wanted()) fetch(wanted);
    set_time();
    return true;
  }

  bool send_words() {
    while (!to_send_.empty()) {
      const ssize_t count = send(chromium_.socket(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN;
      to_send_.erase(0, static_cast<std::size_t>(count));
    }
    return true;
  }

  bool hear() {
    std::array<char, 1 << 16> bytes;
    const ssize_t count = recv(chromium_.socket(), bytes.data(), bytes.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return false;
    if (count > 0) reader_.add({bytes.data(), static_cast<std::size_t>(count)});
    while (const auto message = reader_.next()) {
      dialogue_.hear(*message);
      if (dialogue_.over()) break;
    }
    return !reader_.too_much();
  }

  void fetch(const PausedRequest& wanted) {
    if (const auto url = Url::parse(wanted.url))
      return parts_.ask(wanted.id, *url, wanted.referrer, std::min(Clock::now() + kPart, until_));
    Answer none;
    none.ending = Ending::failed;
    dialogue_.answer_part(wanted.id, none);
  }

  void set_time() {
    if (dialogue_.page_given() && !std::exchange(given_, true)) until_ = std::min(Clock::now() + kScripts, latest_);
    if (dialogue_.leaving() && !std::exchange(leaving_, true)) until_ = std::min(Clock::now() + kLeaving, until_);
  }

  std::string silence() const {
    const std::string last = chromium_.complaint();
    return "Chromium does not answer" + (last.empty() ? std::string() : "; it says: " + last);
  }

  const Clock::time_point latest_;
  Clock::time_point until_;
  PageParts parts_;
  ContainedProcess chromium_;
  PageDialogue dialogue_;
  DevtoolsReader reader_;
  std::string to_send_;
  bool given_ = false, leaving_ = false;
};

}  // namespace

ScriptRun run_scripts(const ScriptedPage& page, const FetchOptions& options, Milliseconds at_most,
                      const std::atomic<bool>& over) try {
  return Runner(page, options, at_most).run(over);
} catch (const std::exception& error) {
  return {.led_to = std::nullopt, .fault = std::string("Chromium does not start: ") + error.what()};
}

std::string headless_fault(const std::string& program) {
  FetchOptions options;
  options.headless_program = program;
  const std::atomic<bool> over = false;
  const auto run = run_scripts({.url = *Url::parse("https://trial.invalid/"),
                                .headers = {{"content-type", "text/html"}},
                                .body = "<script>location = '/led'</script>"},
                               options, kStart + kScripts, over);
  if (run.led_to || !run.fault.empty()) return run.fault;
  return "Chromium runs, but follows no script";
}

}  // namespace check
