// One request at a time on one libcurl handle, as a browser would make it, and bounded in everything that comes back. A
// chain keeps its handle from hop to hop, because its cookies are in there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>

#include "app/check/address_guard.hpp"
#include "app/check/fetch_options.hpp"
#include "app/check/record.hpp"
#include "app/check/url.hpp"

namespace check {

struct Answer {
  int status = 0;  // 0: there was none
  std::vector<Header> headers;
  std::string body;
  bool body_cut = false;
  Ending ending = Ending::answered;
  std::string error;  // unless answered
};

class Transfer {
 public:
  Transfer(const FetchOptions& options, AddressGuard& guard);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // `addresses` are what the host resolved to; none: it is an address itself.
  void prepare(const Url& url, const std::vector<std::string>& addresses, Milliseconds timeout);
  CURL* handle() const { return handle_.get(); }
  Answer finish(CURLcode code);

  std::string cookies() const;  // what would be sent, without the times when they end
  void forget_cookies();

 private:
  struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* transfer);
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* transfer);
  static curl_socket_t open_socket(void* transfer, curlsocktype purpose, curl_sockaddr* address);

  bool add_header(std::string_view line);
  std::size_t body_limit();
  Ending ending_of(CURLcode code) const;

  const FetchOptions& options_;
  AddressGuard& guard_;
  std::unique_ptr<CURL, Free> handle_;
  std::unique_ptr<curl_slist, Free> request_headers_;
  std::unique_ptr<curl_slist, Free> resolved_;
  char error_[CURL_ERROR_SIZE] = {};

  Answer answer_;
  std::size_t header_bytes_ = 0;
  std::size_t body_limit_ = 0;  // 0: not known yet
  bool header_flood_ = false;
  int connects_ = 0;     // that the guard let pass
  std::string refusal_;  // the first one that it did not
};

}  // namespace check
