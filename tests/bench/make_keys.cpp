// bench-make-keys COUNT: that many API keys as the product makes them, a line each: the key, its digest in hex, its
// last four characters. The bench stores the digests by itself, because thousands of `quietleaks key add` take minutes.
#include <cstdlib>
#include <iostream>

#include "app/base/api_key.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bench-make-keys COUNT\n";
    return 2;
  }
  constexpr char kHex[] = "0123456789abcdef";
  for (int i = std::atoi(argv[1]); i > 0; --i) {
    const std::string key = base::generate_api_key();
    std::cout << key << '\t';
    for (const auto byte : base::api_key_digest(key)) std::cout << kHex[byte >> 4] << kHex[byte & 15];
    std::cout << '\t' << base::last_four(key) << '\n';
  }
}
