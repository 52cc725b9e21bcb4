#include "tests/support/raw_connection.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

#include <curl/curl.h>
#include <poll.h>

namespace support {
namespace {

Reply parse_head(std::string_view head) {
  Reply reply;
  const auto number = head.find(' ');
  if (!head.starts_with("HTTP/1.1 ") || head.size() < number + 4)
    throw std::runtime_error("not a status line: " + std::string(head.substr(0, 80)));
  std::from_chars(head.data() + number + 1, head.data() + number + 4, reply.status);
  for (auto end = head.find("\r\n"); end != std::string_view::npos;) {
    head.remove_prefix(end + 2);
    end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) throw std::runtime_error("not a header: " + std::string(line));
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto begin = line.find_first_not_of(' ', colon + 1);
    reply.headers.emplace_back(name, begin == std::string_view::npos ? "" : line.substr(begin));
  }
  return reply;
}

bool poll_for(int socket, short events, int timeout_ms) {
  pollfd waiting{socket, events, 0};
  return ::poll(&waiting, 1, timeout_ms) > 0;
}

}  // namespace

RawConnection::RawConnection(const std::string& base_url, const std::string& ca_file, const std::string& local_address)
    : easy_(curl_easy_init()) {
  curl_easy_setopt(easy_, CURLOPT_URL, base_url.c_str());
  curl_easy_setopt(easy_, CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(easy_, CURLOPT_INTERFACE, ("host!" + local_address).c_str());
  curl_easy_setopt(easy_, CURLOPT_IPRESOLVE, static_cast<long>(CURL_IPRESOLVE_V4));
  curl_easy_setopt(easy_, CURLOPT_SSL_ENABLE_ALPN, 0L);  // nginx then speaks HTTP/1.1
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  const CURLcode code = curl_easy_perform(easy_);
  curl_socket_t active = -1;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &active);
  socket_ = active;
  if (code == CURLE_OK) return;
  curl_easy_cleanup(easy_);
  throw std::runtime_error(base_url + ": " + curl_easy_strerror(code));
}

RawConnection::~RawConnection() {
  curl_easy_cleanup(easy_);
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    size_t sent = 0;
    const CURLcode code = curl_easy_send(easy_, bytes.data(), bytes.size(), &sent);
    if (code == CURLE_AGAIN) {
      if (!poll_for(socket_, POLLOUT, 5000)) return false;
      continue;
    }
    if (code != CURLE_OK) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

bool RawConnection::receive(int timeout_ms) {
  char data[16384];
  for (bool waited = false;; waited = true) {
    size_t size = 0;
    const CURLcode code = curl_easy_recv(easy_, data, sizeof data, &size);
    if (code == CURLE_OK && size > 0) {
      buffer_.append(data, size);
      return true;
    }
    if (code != CURLE_AGAIN) {
      closed_ = true;
      return false;
    }
    if (waited && timeout_ms <= 0) return false;
    if (!poll_for(socket_, POLLIN, timeout_ms)) return false;
  }
}

std::optional<Reply> RawConnection::read_reply(bool head, int timeout_ms) {
  size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!receive(timeout_ms)) return std::nullopt;
  Reply reply = parse_head(std::string_view(buffer_).substr(0, end + 4));
  buffer_.erase(0, end + 4);
  if (head || reply.status == 304 || reply.status == 204) return reply;
  const std::string length = reply.header("content-length");
  const size_t expected = length.empty() ? std::string::npos : std::stoul(length);
  while (buffer_.size() < expected && receive(timeout_ms)) {
  }
  reply.body = buffer_.substr(0, expected);
  buffer_.erase(0, expected);
  return reply;
}

}  // namespace support
