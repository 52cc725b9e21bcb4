#include "app/cli/password_input.hpp"

#include <cerrno>

#include <bsd/readpassphrase.h>
#include <unistd.h>

#include "app/base/password.hpp"
#include "app/cli/console.hpp"
#include "app/cli/failure.hpp"

namespace cli {
namespace {

constexpr std::size_t kMostBytes = 1024;

std::string require_good(std::string password) {
  if (const auto fault = base::password_fault(password)) {
    base::wipe(password);
    throw Failure(Exit::failed, "invalid_password", "the password " + *fault,
                  "A password has 10 to 200 characters; several words are easier to remember than odd letters.");
  }
  return password;
}

// Restores the terminal also when a signal ends us meanwhile.
std::string ask(const std::string& prompt) {
  Secret buffer(std::string(kMostBytes, '\0'));
  if (readpassphrase(prompt.c_str(), buffer.text.data(), buffer.text.size(), RPP_REQUIRE_TTY) == nullptr)
    throw Failure(Exit::usage, "no_terminal", "there is no terminal to ask for the password",
                  "Pass it with --password-stdin, or let --reset-link make a link by which the user chooses it.");
  return buffer.text.c_str();
}

}  // namespace

std::string ask_for_password(const std::string& whose) {
  const Secret first(ask("Password for " + printable(whose) + ": "));
  const Secret second(ask("The same again: "));
  if (first.text != second.text)
    throw Failure(Exit::failed, "passwords_differ", "the two passwords are not the same",
                  "Nothing was done. Try again.");
  return require_good(first.text);
}

std::string read_password_line() {
  Secret line("");
  line.text.reserve(kMostBytes);  // so that no part of it is left behind in memory that it has outgrown
  for (char c = 0; line.text.size() < kMostBytes;) {
    const auto got = read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == '\n') break;
    line.text.push_back(c);
  }
  if (line.text.ends_with('\r')) line.text.pop_back();
  return require_good(line.text);
}

}  // namespace cli
