// The addresses of a URL's host: those that the operator gives it, else those that the resolver knows. Knows no policy.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/check/lookup.hpp"
#include "app/check/resolve_list.hpp"
#include "app/check/url.hpp"

namespace check {

class HostAddresses {
 public:
  using Done = Lookup::Done;

  // Throws std::invalid_argument for an entry that is none.
  explicit HostAddresses(const std::vector<std::string>& resolve);

  // Calls it at once, or from within deliver(). A host that is an address has an empty list. The error of a fault is a
  // sentence; resolver_failed is when no name at all is known here.
  void find(const Url& url, Done done);
  void deliver() { lookup_.deliver(); }
  int event_fd() const { return lookup_.event_fd(); }  // readable when deliver() has something

 private:
  ResolveList given_;
  Lookup lookup_;
};

}  // namespace check
