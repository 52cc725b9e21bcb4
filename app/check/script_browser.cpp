#include "app/check/script_browser.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/check/script_run.hpp"

namespace check {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLongestWait = 3;  // of a check's time, for a browser: a monitor holds its links for five of them

}  // namespace

ScriptBrowser::ScriptBrowser(const FetchOptions& options)
    : options_(options), background_(static_cast<unsigned>(std::max(options.headless_at_once, 1))) {}

ScriptBrowser::~ScriptBrowser() {
  over_ = true;
}

void ScriptBrowser::follow(const std::shared_ptr<Chain>& chain, Then then) {
  const auto result = std::make_shared<std::pair<std::string, Chain::Next>>();
  background_.run(
      [this, chain, result, asked = Clock::now()] {
        if (Clock::now() - asked < kLongestWait * options_.timeout)
          result->first = run(*chain, result->second);
        else
          result->second = chain->give_up(Ending::failed, "its page needs a browser, and none was free in time");
      },
      [this, result, then = std::move(then)] {
        tell(result->first);
        then(result->second);
      });
}

// The fault, if there is one.
std::string ScriptBrowser::run(Chain& chain, Chain::Next& next) const {
  const auto start = Clock::now();
  const auto result = run_scripts(chain.scripted_page(), options_, options_.timeout - chain.spent(), over_);
  next = chain.follow_scripts(result.led_to, std::chrono::duration_cast<Milliseconds>(Clock::now() - start), options_);
  return result.fault;
}

void ScriptBrowser::tell(const std::string& fault) {
  if (!fault.empty() && !std::exchange(told_, true) && options_.headless_fault) options_.headless_fault(fault);
}

}  // namespace check
