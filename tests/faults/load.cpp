#include "tests/faults/load.hpp"

#include <algorithm>
#include <memory>
#include <sstream>

#include <curl/curl.h>

#include "tests/faults/web_instance.hpp"

namespace faults {
namespace {

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

double now() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

long LoadResult::failed() const {
  long all = 0;
  for (const auto& [what, count] : failures) all += count;
  return all;
}

std::string LoadResult::summary() const {
  std::ostringstream text;
  text.precision(3);
  text << requests << " requests in " << seconds << " s, p50 " << p50_ms << " ms, p99 " << p99_ms << " ms, longest "
       << longest_ms << " ms, failed " << failed();
  for (const auto& [what, count] : failures) text << " [" << what << ": " << count << ']';
  return text.str();
}

Load::Load(LoadOptions options, int expected_status)
    : options_(std::move(options)), expected_status_(expected_status), started_(now()) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)initialised;
  for (int i = 0; i < options_.connections; ++i) clients_.emplace_back([this] { client(); });
}

Load::~Load() {
  if (!clients_.empty()) stop();
}

void Load::client() {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(easy.get(), CURLOPT_URL, options_.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_CAINFO, options_.ca_file.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, swallow);
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  if (options_.method == "POST") curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, "{}");
  const std::string credentials = "Authorization: Bearer " + options_.key;
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      options_.key.empty() ? nullptr : curl_slist_append(nullptr, credentials.c_str()), curl_slist_free_all);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  while (!stopping_) {
    const double start = now();
    const CURLcode code = curl_easy_perform(easy.get());
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    const bool good = code == CURLE_OK && status == expected_status_;
    note((now() - start) * 1000, good ? "" : code != CURLE_OK ? curl_easy_strerror(code) : std::to_string(status));
    if (options_.pause_ms > 0) sleep_ms(options_.pause_ms);
  }
}

void Load::note(double milliseconds, const std::string& failure) {
  const std::lock_guard lock(mutex_);
  milliseconds_.push_back(milliseconds);
  if (!failure.empty()) ++failures_[failure];
}

LoadResult Load::stop() {
  stopping_ = true;
  for (auto& client : clients_) client.join();
  clients_.clear();
  std::sort(milliseconds_.begin(), milliseconds_.end());
  return {.requests = static_cast<long>(milliseconds_.size()),
          .failures = failures_,
          .p50_ms = percentile(milliseconds_, 0.5),
          .p99_ms = percentile(milliseconds_, 0.99),
          .longest_ms = percentile(milliseconds_, 1),
          .seconds = now() - started_};
}

}  // namespace faults
