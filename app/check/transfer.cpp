#include "app/check/transfer.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <fcntl.h>
#include <sys/socket.h>

#include "app/base/text.hpp"

namespace check {
namespace {

constexpr std::size_t kMaxHeaders = 300;  // of one answer, with those of interim ones
constexpr std::size_t kMaxHeaderBytes = 128 << 10;
constexpr std::size_t kSmallBody = 16 << 10;  // of what is no page: a redirect's, an image's
constexpr long kConnectTimeoutMs = 8000;
curl_slist* list_of(std::initializer_list<const char*> headers) {
  curl_slist* list = nullptr;
  for (const char* header : headers) {
    curl_slist* longer = curl_slist_append(list, header);
    if (longer == nullptr) throw std::bad_alloc();
    list = longer;
  }
  return list;
}

curl_slist* browser_headers(bool parts) {
  if (parts) return list_of({"Accept: */*", "Accept-Language: en-US,en;q=0.9"});
  return list_of({"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                  "Accept-Language: en-US,en;q=0.9", "Upgrade-Insecure-Requests: 1", "Sec-Fetch-Dest: document",
                  "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none", "Sec-Fetch-User: ?1"});
}

bool has_known_coding(const std::string* coding) {
  static constexpr std::array<std::string_view, 5> kKnown{"gzip", "x-gzip", "deflate", "br", "identity"};
  return coding != nullptr && std::find(kKnown.begin(), kKnown.end(), lower_ascii(*coding)) != kKnown.end();
}

// Before its type is known a body may be a page.
bool may_be_page(const std::string* type) {
  if (type == nullptr) return true;
  const std::string lower = lower_ascii(*type);
  return lower.find("html") != std::string::npos || lower.find("xml") != std::string::npos ||
         lower.find("text/plain") != std::string::npos || lower.find('/') == std::string::npos;
}

}  // namespace

Transfer::Transfer(const FetchOptions& options, AddressGuard& guard)
    : options_(options), guard_(guard), handle_(curl_easy_init()), request_headers_(browser_headers(options.parts)) {
  if (!handle_) throw std::bad_alloc();
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");  // not zstd: its windows may take 128 MB
  curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");                        // in memory, from no file
  curl_easy_setopt(curl, CURLOPT_USERAGENT, options.user_agent.empty() ? kBrowserName : options.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request_headers_.get());
  if (!options.cacert_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.cacert_file.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(curl, CURLOPT_DNS_CACHE_TIMEOUT, 60L);  // it is given its addresses each time
}

Transfer::~Transfer() = default;

void Transfer::prepare(const Url& url, const std::vector<std::string>& addresses, Milliseconds timeout) {
  answer_ = {};
  header_bytes_ = body_limit_ = 0;
  header_flood_ = false;
  connects_ = 0;
  refusal_.clear();
  error_[0] = '\0';
  CURL* curl = handle_.get();
  const long left = std::max<long>(static_cast<long>(timeout.count()), 1);
  curl_easy_setopt(curl, CURLOPT_URL, url.text().c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, std::min(left, kConnectTimeoutMs));
  std::string entry;
  for (const auto& address : addresses) {
    const bool v6 = address.find(':') != std::string::npos;
    entry += (entry.empty() ? "" : ",") + (v6 ? '[' + address + ']' : address);
  }
  curl_slist* list = nullptr;
  if (!entry.empty()) {
    entry = "+" + url.ascii_host() + ':' + std::to_string(url.port()) + ':' + entry;
    list = curl_slist_append(nullptr, entry.c_str());
    if (list == nullptr) throw std::bad_alloc();
  }
  curl_easy_setopt(curl, CURLOPT_RESOLVE, list);
  resolved_.reset(list);
}

std::size_t Transfer::take_header(char* data, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<Transfer*>(transfer);
  return self.add_header({data, size * count}) ? size * count : 0;
}

bool Transfer::add_header(std::string_view line) {
  header_bytes_ += line.size();
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) answer_.headers.clear();  // behind an interim answer
  const std::size_t colon = line.find(':');
  if (!line.starts_with("HTTP/") && colon != std::string_view::npos)
    answer_.headers.push_back({lower_ascii(line.substr(0, colon)), std::string(base::trim(line.substr(colon + 1)))});
  header_flood_ = header_bytes_ > kMaxHeaderBytes || answer_.headers.size() > kMaxHeaders;
  return !header_flood_;
}

// When the first byte of it comes, the header is whole.
std::size_t Transfer::body_limit() {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool page = !is_redirect(static_cast<int>(status)) &&
                    (options_.parts || may_be_page(header(answer_.headers, "content-type")));
  return page ? options_.max_body_bytes : std::min(kSmallBody, options_.max_body_bytes);
}

std::size_t Transfer::take_body(char* data, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<Transfer*>(transfer);
  if (self.body_limit_ == 0) self.body_limit_ = self.body_limit();
  auto& body = self.answer_.body;
  const std::size_t bytes = size * count, room = self.body_limit_ - body.size();
  body.append(data, std::min(bytes, room));
  self.answer_.body_cut = bytes > room;
  return self.answer_.body_cut ? 0 : bytes;  // less than it was given: the transfer ends
}

curl_socket_t Transfer::open_socket(void* transfer, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<Transfer*>(transfer);
  if (auto fault = self.guard_.fault(address->addr)) {
    if (self.refusal_.empty()) self.refusal_ = std::move(*fault);
    return CURL_SOCKET_BAD;
  }
  ++self.connects_;
  return socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
}

Ending Transfer::ending_of(CURLcode code) const {
  if (header_flood_) return Ending::broken_answer;
  switch (code) {
    case CURLE_OK:
      return Ending::answered;
    case CURLE_COULDNT_CONNECT:
      return connects_ == 0 && !refusal_.empty() ? Ending::refused : Ending::connect_failed;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Ending::no_such_host;
    case CURLE_OPERATION_TIMEDOUT:
      return Ending::timed_out;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Ending::tls_failed;
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Ending::unclear;
    case CURLE_BAD_CONTENT_ENCODING:
      return has_known_coding(header(answer_.headers, "content-encoding")) ? Ending::broken_answer : Ending::unclear;
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_FAILED_INIT:
      return Ending::failed;
    default:  // with CURLE_OUT_OF_MEMORY, which is what a line of a header is that is too long
      return Ending::broken_answer;
  }
}

Answer Transfer::finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  answer_.status = static_cast<int>(status);
  const bool enough = answer_.body_cut && code == CURLE_WRITE_ERROR;
  answer_.ending = enough ? Ending::answered : ending_of(code);
  // A browser shows what it has of a page that broke off, and follows a redirect whose body did.
  const bool useful = !answer_.body.empty() || is_redirect(answer_.status);
  const bool broke_off = answer_.ending == Ending::broken_answer || answer_.ending == Ending::unclear;
  if (broke_off && answer_.status >= 200 && useful && !header_flood_) {
    answer_.ending = Ending::answered;
    answer_.body_cut = true;
  }
  if (answer_.ending == Ending::refused)
    answer_.error = "its address " + refusal_;
  else if (answer_.ending != Ending::answered)
    answer_.error = header_flood_ ? "its header is too large" : error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  return std::move(answer_);
}

std::string Transfer::cookies() const {
  curl_slist* list = nullptr;
  curl_easy_getinfo(handle_.get(), CURLINFO_COOKIELIST, &list);
  const std::unique_ptr<curl_slist, Free> owner(list);
  std::vector<std::string> cookies;
  for (; list != nullptr; list = list->next) {
    // domain, subdomains, path, secure, end, name, value
    std::string_view line = list->data, kept = line;
    std::size_t end = 0;
    for (int tab = 0; tab < 4 && end != std::string_view::npos; ++tab) end = line.find('\t', tab == 0 ? 0 : end + 1);
    if (end != std::string_view::npos) kept = line.substr(std::min(line.find('\t', end + 1), line.size()));
    cookies.push_back(std::string(line.substr(0, end)) + std::string(kept));
  }
  std::sort(cookies.begin(), cookies.end());
  std::string all;
  for (const auto& cookie : cookies) all += cookie + '\n';
  return all;
}

void Transfer::forget_cookies() {
  curl_easy_setopt(handle_.get(), CURLOPT_COOKIELIST, "ALL");
}

}  // namespace check
