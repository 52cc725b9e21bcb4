// One destination's chain of requests: what each answer leads to, and what is kept of it. Does no I/O itself.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "app/check/record.hpp"
#include "app/check/transfer.hpp"
#include "app/check/url.hpp"

namespace check {

class Chain {
 public:
  Chain(std::string asked, std::function<void(Record&&)> done) : asked_(std::move(asked)), done_(std::move(done)) {}

  // False: the URL is none; the chain has ended.
  bool begin();

  const Url& url() const { return *url_; }  // of the request to make now
  Milliseconds spent() const { return record_.duration; }

  // Whether the answer's page has to be read before it is taken.
  static bool wants_page(const Answer& answer);

  // Takes the request's answer. True: another request follows, to url().
  bool take(Answer&& answer, Milliseconds duration, const FetchOptions& options);

  void report() { done_(std::move(record_)); }  // once, at the end

  std::unique_ptr<Transfer> transfer;  // while it has one

 private:
  struct Lead {
    HopKind kind = HopKind::http;
    std::optional<Url> url;  // none: not to a web page
    std::string text;
  };

  std::optional<Lead> lead_of(const Answer& answer) const;
  bool end(Ending ending, const std::string& error);

  std::string asked_;
  std::function<void(Record&&)> done_;
  std::optional<Url> url_;
  Record record_;
  std::string cookies_;         // that the request to make now is asked with
  std::set<std::string> seen_;  // URLs, each with the cookies that it was asked with
};

}  // namespace check
