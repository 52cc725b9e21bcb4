// How destinations are fetched.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/check/address_guard.hpp"
#include "app/check/record.hpp"

namespace check {

// A current browser.
inline constexpr const char* kBrowserName =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

struct FetchOptions {
  std::string user_agent;   // empty: a current browser's
  std::string cacert_file;  // certificate authorities; empty: the system's
  AddressGuard guard;
  std::vector<std::string> resolve;  // HOST:PORT:ADDRESS[,ADDRESS...], as curl's; the host "*" is any
  int max_redirects = 10;
  std::size_t max_body_bytes = 1 << 20;
  Milliseconds timeout{20'000};  // of a whole chain
  int kept_connections = 512;    // open at most; fewer than are under way at once: each answer closes one
  bool parts = false;            // scripts and data of a page are fetched, not pages

  // Chromium, for pages that nothing but their scripts can lead on: a path, or a name in PATH. Empty: such a page is
  // the end of its chain.
  std::string headless_program;
  int headless_at_once = 2;
  std::function<void(const std::string&)> headless_fault{};  // told once, from within `turn`, why it cannot be used
};

}  // namespace check
