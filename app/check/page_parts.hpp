// What the scripts of a page ask for: scripts and data, fetched as everything else is, at public addresses alone, and
// bounded. For one page, on one thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>

#include "app/check/fetch_options.hpp"
#include "app/check/host_addresses.hpp"
#include "app/check/transfer.hpp"

namespace check {

class PageParts {
 public:
  static constexpr std::size_t kMaxBytes = 512 << 10;  // of one of them

  struct Part {
    std::string id;
    Answer answer;
  };

  explicit PageParts(const FetchOptions& options);
  ~PageParts();
  PageParts(const PageParts&) = delete;
  PageParts& operator=(const PageParts&) = delete;

  void ask(std::string id, const Url& url, const std::string& referrer, std::chrono::steady_clock::time_point until);

  // Waits until a part has come, or something happened to `other`, or that long.
  std::vector<Part> wait(curl_waitfd other, Milliseconds at_most);

 private:
  struct Asked {
    std::string id;
    std::unique_ptr<Transfer> transfer;
  };

  std::vector<Part> take_finished();

  FetchOptions options_;  // a copy: the address guard serves one thread
  HostAddresses addresses_;
  CURLM* multi_ = nullptr;
  std::map<CURL*, Asked> asked_;
  std::vector<Part> failed_;  // that were not found
};

}  // namespace check
