#include "app/clicks/visitor.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "app/base/crypto.hpp"
#include "app/clicks/bots.hpp"

namespace clicks {
namespace {

constexpr std::size_t kMaxAddress = 64;  // bytes of text that are looked at; an IPv6 address has 45 at most
constexpr std::size_t kNetworkBytes = 8;
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291, 2.5.5.2

// Fixed room, so that the hot path allocates nothing.
struct Network {
  std::array<char, kMaxAddress> bytes{};
  std::size_t size = 0;

  void assign(const void* data, std::size_t count) {
    std::memcpy(bytes.data(), data, count);
    size = count;
  }
};

Network parse_network(std::string_view address) {
  std::array<char, kMaxAddress + 1> text{};
  address = address.substr(0, kMaxAddress);
  address.copy(text.data(), address.size());
  Network network;
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, text.data(), &v4) == 1)
    network.assign(&v4, sizeof v4);
  else if (inet_pton(AF_INET6, text.data(), &v6) != 1)
    network.assign(address.data(), address.size());
  else if (std::memcmp(v6.s6_addr, kMapped.data(), kMapped.size()) == 0)
    network.assign(v6.s6_addr + kMapped.size(), sizeof v4);
  else
    network.assign(v6.s6_addr, kNetworkBytes);
  return network;
}

}  // namespace

std::string network_of(std::string_view address) {
  const Network network = parse_network(address);
  return {network.bytes.data(), network.size};
}

std::uint64_t visitor_hash(const Salt& salt, std::string_view address, std::string_view user_agent,
                           const db::Uuid& account_id) {
  const Network network = parse_network(address);
  user_agent = user_agent.substr(0, kMaxUserAgent);
  std::array<char, sizeof(db::Uuid) + 1 + kMaxAddress + kMaxUserAgent> message;
  char* end = std::copy(account_id.begin(), account_id.end(), message.begin());
  *end++ = static_cast<char>(network.size);  // so that no other address and agent make the same message
  end = std::copy_n(network.bytes.begin(), network.size, end);
  end = std::copy(user_agent.begin(), user_agent.end(), end);
  const auto size = static_cast<std::size_t>(end - message.data());
  return std::max<std::uint64_t>(base::keyed_hash64(salt, {message.data(), size}), 1);
}

Agent classify_agent(std::string_view user_agent) {
  std::string text(user_agent.substr(0, kMaxUserAgent));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return {names_a_bot(text) ? Kind::bot : Kind::human, device_named_in(text)};
}

AgentMemo::AgentMemo() : entries_(kEntries) {
  base::random_bytes(key_);
}

Agent AgentMemo::classify(std::string_view user_agent) {
  const std::uint64_t hash = base::keyed_hash64(key_, user_agent.substr(0, kMaxUserAgent));
  Entry& entry = entries_[hash % kEntries];
  if (!entry.used || entry.hash != hash) entry = {hash, classify_agent(user_agent), true};
  return entry.agent;
}

}  // namespace clicks
