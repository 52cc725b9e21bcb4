#include "db/connection.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>

#include <libpq-fe.h>

#include "db/error.hpp"

namespace db {
namespace {

using Keywords = std::map<std::string, std::string>;

std::string percent_encoded(const std::string& value) {
  constexpr const char* kHex = "0123456789ABCDEF";
  std::string text;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte))
      text += c;
    else
      (text += '%').append({kHex[byte >> 4], kHex[byte & 15]});
  }
  return text;
}

// A password that was not percent-encoded ends up in part as the host or the port, which libpq's errors repeat.
void require_no_stray_password(const Keywords& keywords) {
  const auto value = [&](const char* keyword) {
    const auto found = keywords.find(keyword);
    return found == keywords.end() ? std::string() : found->second;
  };
  if (value("host").find('@') != std::string::npos ||
      value("port").find_first_not_of("0123456789,") != std::string::npos)
    throw Error(ErrorKind::unavailable, "", "",
                "the database URL cannot be read: in a password, write @ as %40, : as %3A and / as %2F");
}

Keywords parse(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), nullptr),
                                                                             &PQconninfoFree);
  if (!options) {
    throw Error(ErrorKind::unavailable, "", "",
                "the database URL cannot be read: expected postgresql://user@host/name?host=/socket/folder or "
                "keyword=value pairs");
  }
  Keywords keywords;
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->val) keywords[option->keyword] = option->val;
  require_no_stray_password(keywords);
  return keywords;
}

}  // namespace

std::string connection_string(const Options& options) {
  Keywords keywords = parse(options.url);
  keywords.insert({{"application_name", options.application_name},
                   {"connect_timeout", std::to_string(options.connect_timeout_s)},
                   {"client_encoding", "UTF8"},
                   {"keepalives_idle", "5"},
                   {"keepalives_interval", "2"},
                   {"keepalives_count", "3"},
                   {"tcp_user_timeout", std::to_string(options.statement_timeout_ms + 5000)}});
  std::string text = "postgresql://";
  char separator = '?';
  for (const auto& [keyword, value] : keywords) {
    text += separator + keyword + '=' + percent_encoded(value);
    separator = '&';
  }
  return text;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

void check_url(const std::string& url) {
  parse(url);
}

std::string session_settings(const Options& options) {
  return "set statement_timeout = " + std::to_string(options.statement_timeout_ms) +
         "; set lock_timeout = " + std::to_string(options.lock_timeout_ms) +
         "; set idle_in_transaction_session_timeout = 60000"
         "; set timezone = 'UTC'; set datestyle = 'ISO'; set client_min_messages = error"
         // Our statements are few, small and known: one plan each, made once. A custom plan costs the list ten times
         // its execution's planning, and compiling or parallel workers cannot pay for a page of links.
         "; set plan_cache_mode = force_generic_plan; set jit = off; set max_parallel_workers_per_gather = 0";
}

}  // namespace db
