#include "tests/support/https_client.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <curl/curl.h>

namespace support {
namespace {

size_t collect_body(char* data, size_t size, size_t count, void* reply) {
  static_cast<Reply*>(reply)->body.append(data, size * count);
  return size * count;
}

size_t collect_header(char* data, size_t size, size_t count, void* target) {
  auto& reply = *static_cast<Reply*>(target);
  std::string line(data, size * count);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  if (line.starts_with("HTTP/")) reply.headers.clear();  // an interim answer (100) came before
  if (const auto colon = line.find(':'); colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto begin = line.find_first_not_of(' ', colon + 1);
    reply.headers.emplace_back(name, begin == std::string::npos ? "" : line.substr(begin));
  }
  return size * count;
}

struct CurlOnce {
  CurlOnce() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

}  // namespace

std::vector<std::string> Reply::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers)
    if (key == name) values.push_back(value);
  return values;
}

std::string Reply::header(std::string_view name) const {
  const auto values = all(name);
  return values.empty() ? std::string() : values.front();
}

Call get(std::string target, const std::string& key) {
  Call call;
  call.target = std::move(target);
  if (!key.empty()) call.headers.emplace_back("Authorization", "Bearer " + key);
  return call;
}

struct HttpsClient::Transfer {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  Call call;
  Reply reply;

  Transfer() {
    static const CurlOnce once;
    easy = curl_easy_init();
    if (easy == nullptr) throw std::runtime_error("curl_easy_init failed");
  }
  ~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void finish(CURLcode code) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &reply.seconds);
    reply.status = code == CURLE_OK ? static_cast<int>(status) : 0;
    if (code != CURLE_OK) reply.error = curl_easy_strerror(code);
  }
};

HttpsClient::HttpsClient(std::string base_url, std::string ca_file, std::string local_address)
    : base_url_(std::move(base_url)),
      ca_file_(std::move(ca_file)),
      local_address_(std::move(local_address)),
      kept_(std::make_unique<Transfer>()) {}

HttpsClient::~HttpsClient() = default;

// Everything of the call goes into the handle; options of the call before are reset, its connection stays.
void HttpsClient::prepare(Transfer& transfer) const {
  CURL* easy = transfer.easy;
  const Call& call = transfer.call;
  curl_easy_reset(easy);
  curl_slist_free_all(transfer.headers);
  transfer.headers = nullptr;
  for (const auto& [name, value] : call.headers) {
    const std::string line = value.empty() ? name + ";" : name + ": " + value;  // ";" is curl's way to send it empty
    transfer.headers = curl_slist_append(transfer.headers, line.c_str());
  }
  transfer.reply = Reply();
  curl_easy_setopt(easy, CURLOPT_URL, (base_url_ + call.target).c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file_.c_str());
  curl_easy_setopt(easy, CURLOPT_INTERFACE, ("host!" + local_address_).c_str());
  curl_easy_setopt(easy, CURLOPT_IPRESOLVE, static_cast<long>(CURL_IPRESOLVE_V4));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   static_cast<long>(call.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  if (call.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (!call.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.body.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, collect_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer.reply);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, collect_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer.reply);
}

Reply HttpsClient::send(const Call& call) {
  kept_->call = call;
  prepare(*kept_);
  kept_->finish(curl_easy_perform(kept_->easy));
  return kept_->reply;
}

std::vector<Reply> HttpsClient::burst(const std::vector<Call>& calls, int connections) {
  CURLM* multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(connections));
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  std::vector<std::unique_ptr<Transfer>> transfers;
  for (const Call& call : calls) {
    auto& transfer = *transfers.emplace_back(std::make_unique<Transfer>());
    transfer.call = call;
    prepare(transfer);
    curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
    curl_multi_add_handle(multi, transfer.easy);
  }
  for (int running = 1; running > 0;) {
    curl_multi_perform(multi, &running);
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 100, nullptr);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      transfer->finish(message->data.result);
    }
  }
  std::vector<Reply> replies;
  for (auto& transfer : transfers) {
    curl_multi_remove_handle(multi, transfer->easy);
    replies.push_back(std::move(transfer->reply));
  }
  curl_multi_cleanup(multi);
  return replies;
}

}  // namespace support
