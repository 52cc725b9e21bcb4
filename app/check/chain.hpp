// One destination's chain of requests: what each answer leads to, what is kept of it, and the verdict at its end. Does
// no I/O itself; may go from thread to thread between its requests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "app/check/record.hpp"
#include "app/check/scripted_page.hpp"
#include "app/check/transfer.hpp"
#include "app/check/url.hpp"
#include "app/check/verdict.hpp"

namespace check {

class Chain {
 public:
  using Judge = std::function<Verdict(const Record&)>;
  using Done = std::function<void(Record&&, Verdict&&)>;

  Chain(std::string asked, Judge judge, Done done)
      : asked_(std::move(asked)), judge_(std::move(judge)), done_(std::move(done)) {}

  // False: the URL is none; the chain has ended.
  bool begin();

  bool has_asked() const { return !record_.hops.empty(); }
  const Url& url() const { return *url_; }                               // of the request to make now
  Milliseconds spent() const { return record_.duration + in_browser_; }  // of the check's time

  void receive(Answer&& answer, Milliseconds duration);

  // What follows: another request, to url(); a browser, for what was read is a page whose scripts may lead on; or
  // nothing: the chain has ended and is judged.
  enum class Next : std::uint8_t { request, browser, end };

  // Reads what was received last, a page's HTML, too.
  Next read(const FetchOptions& options);
  bool quickly_read() const { return is_redirect(answer_.status); }  // there is no page in it

  // After Next::browser: what it gets, and where the page's scripts led (none: nowhere), or why none could be asked.
  ScriptedPage scripted_page() const { return {*url_, record_.headers, record_.body}; }
  Next follow_scripts(const std::optional<Url>& to, Milliseconds duration, const FetchOptions& options);
  Next give_up(Ending ending, const std::string& error);

  void report() { done_(std::move(record_), std::move(verdict_)); }  // once, at the end

  std::unique_ptr<Transfer> transfer;  // while it has one

 private:
  struct Lead {
    HopKind kind = HopKind::http;
    std::optional<Url> url;  // none: not to a web page, but to `text`
    std::string text;
  };

  std::optional<Lead> lead() const;
  bool leads_on(const FetchOptions& options);
  bool follow(const Lead& lead, const FetchOptions& options);
  Next conclude();
  bool end(Ending ending, const std::string& error);

  std::string asked_;
  Judge judge_;
  Done done_;
  std::optional<Url> url_;
  Answer answer_;  // received, and not read yet
  Record record_;
  Verdict verdict_;
  Milliseconds in_browser_{0};  // says nothing of how fast the destination is: no part of its durations
  std::string cookies_;         // that the request to make now is asked with
  std::set<std::string> seen_;  // URLs, each with the cookies that it was asked with
};

}  // namespace check
