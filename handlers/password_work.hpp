// Work on passwords, which is dear by design: nginx sends whatever does it to the pool "passwords", whose few workers
// are how many are at it at once.
#pragma once

#include <optional>
#include <string>

#include "app/base/crypto.hpp"
#include "app/web/context.hpp"

namespace handlers {

// What does not outlive its use.
struct Secret {
  explicit Secret(std::string secret) : text(std::move(secret)) {}
  ~Secret() { base::wipe(text); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  std::string text;
};

// The attempt has been counted as failed before its password is looked at, so that no number of attempts at the same
// time can be more than the limit. It is taken back if the password is right.
bool counted_check(web::Context& context, const db::SignInAttempt& attempt, const std::optional<std::string>& hash,
                   const std::string& password);

}  // namespace handlers
