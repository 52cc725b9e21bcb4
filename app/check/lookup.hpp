// Names to addresses, without holding anybody up: the system's resolver in a few threads of its own, and what it said
// kept for a while. Knows no policy: whoever connects judges the addresses.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace check {

struct Addresses {
  enum class Fault : unsigned char { none, no_such_host, resolver_failed };

  Fault fault = Fault::none;
  std::vector<std::string> list;  // as numbers; IPv6 without brackets
  std::string error;              // what the resolver says
};

class Lookup {
 public:
  using Done = std::function<void(const Addresses&)>;

  Lookup();
  ~Lookup();  // does not wait for the resolver
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  void find(const std::string& host, Done done);  // calls it at once, or from within deliver()
  void deliver();
  int event_fd() const;  // readable when deliver() has something

 private:
  struct Shared;
  struct Cache;

  std::shared_ptr<Shared> shared_;  // with the threads
  std::unique_ptr<Cache> cache_;
};

}  // namespace check
