// The one instance that the tests of this suite share; it starts with the first test that asks for it.
#pragma once

#include <string>

#include "tests/support/https_client.hpp"
#include "tests/support/stack.hpp"

namespace e2e {

support::Stack& stack();
support::HttpsClient& client();        // over TLS
support::HttpsClient& plain_client();  // port 80's stand-in

// Sends over TLS and checks the invariants.
support::Reply ask(const support::Call& call);

// The reference's example link: its id in the demo account; a link of another account.
std::string example_link_id();
std::string other_link_id();

// A new key of an account that may change things.
std::string write_key(const std::string& account);

void say(const std::string& proved);  // a line of what was just shown

}  // namespace e2e
