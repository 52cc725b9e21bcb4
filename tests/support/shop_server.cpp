#include "tests/support/shop_server.hpp"

#include <algorithm>

#include <sys/socket.h>

namespace support {
namespace {

using Clock = std::chrono::steady_clock;

std::string read_head(int connection) {
  std::string head;
  char buffer[4096];
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < 65536) {
    const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return {};
    head.append(buffer, static_cast<std::size_t>(count));
    if (head.front() == 0x16) return {};  // a TLS handshake
  }
  return head;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto start = text.find(before);
  if (start == std::string::npos) return {};
  const auto first = start + before.size();
  return text.substr(first, text.find(after, first) - first);
}

}  // namespace

ShopServer::ShopServer(Answer answer)
    : answer_(std::move(answer)), server_([this](int connection) { serve(connection); }) {}

void ShopServer::serve(int connection) {
  const std::string head = read_head(connection);
  std::string host = between(head, "Host: ", "\r\n");
  host = host.substr(0, host.find(':'));
  const std::string target = between(head, " ", " ");
  if (host.empty()) return;
  come(host);
  const std::string answer = answer_({host, target});
  send_all(connection, answer.data(), answer.size());
  go(host);
}

void ShopServer::come(const std::string& host) {
  const std::lock_guard lock(mutex_);
  auto& counted = hosts_[host];
  const auto now = Clock::now();
  const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(now - counted.last);
  if (counted.visits.requests == 1) counted.visits.shortest_gap = gap;
  if (counted.visits.requests > 1) counted.visits.shortest_gap = std::min(counted.visits.shortest_gap, gap);
  counted.last = now;
  ++counted.visits.requests;
  counted.visits.at_once = std::max(counted.visits.at_once, ++counted.now);
}

void ShopServer::go(const std::string& host) {
  const std::lock_guard lock(mutex_);
  --hosts_[host].now;
}

ShopVisits ShopServer::visits(const std::string& host) const {
  const std::lock_guard lock(mutex_);
  const auto at = hosts_.find(host);
  return at == hosts_.end() ? ShopVisits() : at->second.visits;
}

std::string ShopServer::url(const std::string& host, const std::string& target) const {
  return "http://" + host + ':' + std::to_string(port()) + target;
}

std::string ShopServer::page(const std::string& title, const std::string& body) {
  const std::string html =
      "<!doctype html><html><head><title>" + title + "</title></head><body>" + body + "</body></html>";
  return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\nContent-Length: " +
         std::to_string(html.size()) + "\r\n\r\n" + html;
}

std::string ShopServer::redirect(int code, const std::string& location) {
  return status(code, "Location: " + location + "\r\n");
}

std::string ShopServer::status(int code, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(code) + " Something\r\n" + headers +
         "Connection: close\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace support
