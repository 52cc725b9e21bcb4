// The server's own judgement of user agents, for tests in another language: each line of the input is one, each line of
// the output says "human" or "bot".
#include <iostream>
#include <string>

#include "app/clicks/visitor.hpp"

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string user_agent; std::getline(std::cin, user_agent);)
    std::cout << (clicks::classify_agent(user_agent).kind == clicks::Kind::bot ? "bot\n" : "human\n");
}
