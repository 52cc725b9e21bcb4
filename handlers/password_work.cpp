#include "handlers/password_work.hpp"

#include "app/base/password.hpp"

namespace handlers {

bool counted_check(web::Context& context, const db::SignInAttempt& attempt, const std::optional<std::string>& hash,
                   const std::string& password) {
  const bool right = base::verify_password(hash, password);
  if (right) context.database.sessions().take_back(attempt);
  return right;
}

}  // namespace handlers
