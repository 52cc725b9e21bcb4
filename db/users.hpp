// People who sign in, and the one-time links by which they choose a password. Passwords come here as hashes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

struct Credentials {
  User user;
  std::optional<std::string> password_hash;  // none: no password has been chosen yet
};

// A user as the operator sees them.
struct UserLine {
  User user;
  std::string account_name;
  bool has_password = false;
  std::int64_t sessions = 0;
  std::optional<UnixSeconds> last_seen_at;
};

class Users {
 public:
  static constexpr std::int64_t kResetLifetimeS = 86'400;

  explicit Users(Session& session) : session_(session) {}

  // ErrorKind::conflict: the email is taken, in whatever case; invalid: it is none.
  User add(const Uuid& account_id, const std::string& email, const std::optional<std::string>& password_hash);
  std::optional<Credentials> find(const std::string& email);  // in any case
  std::vector<UserLine> list();
  void remove(const User& user);  // with all sessions

  // Whether the password is still the one of this hash; until the end of the transaction it stays so. What was begun
  // with a password takes a while, and another may have been set meanwhile.
  bool hold_password(const User& user, const std::string& password_hash);

  // Ends the one-time link that there may be. The sessions are the caller's to end.
  void set_password(const User& user, const std::string& password_hash);

  // Ends the link that there was. `digest`: SHA-256 of the token. It is over after kResetLifetimeS.
  void add_reset(const User& user, const Digest& digest);
  std::optional<User> find_reset(const Digest& digest);  // whose link this is, if it is not over
  // Uses it up: true once, whatever happens at the same time.
  bool use_reset(const Digest& digest);

 private:
  Session& session_;
};

}  // namespace db
