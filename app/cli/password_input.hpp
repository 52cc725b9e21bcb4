// How a password comes in: never as an argument, which every process on the machine could read.
#pragma once

#include <string>

#include "app/base/crypto.hpp"

namespace cli {

// A secret that does not outlive its use.
struct Secret {
  std::string text;

  explicit Secret(std::string secret) : text(std::move(secret)) {}
  ~Secret() { base::wipe(text); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
};

// Asked for twice at the terminal, without echo; or the first line of standard input. Throws Failure: no terminal, not
// the same twice, or no password that anybody should have.
std::string ask_for_password(const std::string& whose);
std::string read_password_line();

}  // namespace cli
