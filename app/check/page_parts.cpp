#include "app/check/page_parts.hpp"

#include <stdexcept>
#include <utility>

namespace check {
namespace {

constexpr long kAtOnce = 2;  // connections

FetchOptions options_of_parts(const FetchOptions& options) {
  FetchOptions parts = options;
  parts.parts = true;
  parts.max_body_bytes = PageParts::kMaxBytes;
  return parts;
}

}  // namespace

PageParts::PageParts(const FetchOptions& options)
    : options_(options_of_parts(options)), addresses_(options.resolve), multi_(curl_multi_init()) {
  if (multi_ == nullptr) throw std::runtime_error("libcurl does not start");
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, kAtOnce);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

PageParts::~PageParts() {
  for (const auto& [handle, asked] : asked_) curl_multi_remove_handle(multi_, handle);
  asked_.clear();
  curl_multi_cleanup(multi_);
}

void PageParts::ask(std::string id, const Url& url, const std::string& referrer,
                    std::chrono::steady_clock::time_point until) {
  addresses_.find(url, [this, id = std::move(id), url, referrer, until](const Addresses& found) {
    if (found.fault != Addresses::Fault::none) {
      Answer none;
      none.ending = Ending::no_such_host;
      return failed_.push_back({id, std::move(none)});
    }
    auto transfer = std::make_unique<Transfer>(options_, options_.guard);
    const auto left = std::chrono::duration_cast<Milliseconds>(until - std::chrono::steady_clock::now());
    transfer->prepare(url, found.list, left);
    if (!referrer.empty()) curl_easy_setopt(transfer->handle(), CURLOPT_REFERER, referrer.c_str());
    CURL* const handle = transfer->handle();
    asked_[handle] = {id, std::move(transfer)};
    curl_multi_add_handle(multi_, handle);
  });
}

std::vector<PageParts::Part> PageParts::wait(curl_waitfd other, Milliseconds at_most) {
  curl_waitfd others[] = {other, {.fd = addresses_.event_fd(), .events = CURL_WAIT_POLLIN, .revents = 0}};
  int count = 0;
  if (failed_.empty()) curl_multi_poll(multi_, others, 2, static_cast<int>(at_most.count()), &count);
  if (others[1].revents != 0) addresses_.deliver();
  curl_multi_perform(multi_, &count);
  return take_finished();
}

std::vector<PageParts::Part> PageParts::take_finished() {
  auto finished = std::exchange(failed_, {});
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto at = asked_.find(message->easy_handle);
    curl_multi_remove_handle(multi_, at->first);
    finished.push_back({std::move(at->second.id), at->second.transfer->finish(code)});
    asked_.erase(at);
  }
  return finished;
}

}  // namespace check
