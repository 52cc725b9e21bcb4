// Client address -> country, from a MaxMind DB file. Home of libmaxminddb.
#pragma once

#include <array>
#include <memory>
#include <string>

namespace clicks {

class Countries {
 public:
  // An empty path: knows none. Throws std::runtime_error if the file cannot be read.
  explicit Countries(const std::string& path);
  ~Countries();
  Countries(Countries&& other) noexcept;

  std::array<char, 2> of(const std::string& address) const noexcept;  // NULs: not known

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace clicks
