// Sessions of browsers, found by the SHA-256 of their cookie's value, which is all that is stored; and how often
// signing in failed lately.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

struct NewSession {
  User user;
  Digest digest{};
  std::string user_agent;   // UTF-8, at most 250 bytes
  std::string remote_addr;  // at most 64
  std::int64_t lifetime_s = 0;
};

// What a session's row is moved to when it is used.
struct SessionUse {
  std::string user_agent;
  std::string remote_addr;
  UnixSeconds seen_at = 0;
  UnixSeconds expires_at = 0;
};

// One attempt to sign in, which counts as failed until it is taken back.
struct SignInAttempt {
  Uuid id{};
  std::int64_t wait_s = 0;  // above 0: refused without being counted, and for how long
};

class Sessions {
 public:
  static constexpr int kMostFailures = 10;  // within kFailureWindowS, for an email and for an address
  static constexpr int kFailureWindowS = 900;
  static constexpr int kMostOfUser = 100;

  explicit Sessions(Session& session) : session_(session) {}

  // Removes some of those that are over, and of the user's own all but the newest kMostOfUser.
  SessionIdentity add(const NewSession& session);
  std::optional<SessionIdentity> find(const Digest& digest);  // nullopt: unknown or over
  void touch(const SessionIdentity& identity, const SessionUse& use);

  std::vector<UserSession> list(const User& user);  // those that are not over, last used first
  bool end(const User& user, const Uuid& session_id);
  void end_all(const User& user);

  // Exact over all processes: of any number of attempts at the same time, kMostFailures are let through. In any case of
  // letters, `email` is one.
  SignInAttempt begin_sign_in(const std::string& email, const std::string& address);
  void take_back(const SignInAttempt& attempt);
  void forget_failures(const std::string& email);

 private:
  Session& session_;
};

}  // namespace db
