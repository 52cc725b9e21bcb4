#include "app/check/host_addresses.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "app/http/address.hpp"

namespace check {
namespace {

using Fault = Addresses::Fault;

constexpr const char* kAlwaysThere = "a.root-servers.net";

bool is_address(const std::string& host) {
  return host.starts_with('[') || http::parse_ipv4(host).has_value();
}

// RFC 6761: the internet has none of these, so nothing else has to be asked.
bool exists_nowhere(std::string_view host) {
  constexpr std::array<std::string_view, 3> kNowhere = {".invalid", ".test", ".example"};
  return std::any_of(kNowhere.begin(), kNowhere.end(), [&](std::string_view zone) { return host.ends_with(zone); });
}

// A resolver that does not know a name which is always there is ill itself, and says nothing of others.
Addresses not_found(const std::string& error, bool resolver_works) {
  return {.fault = resolver_works ? Fault::no_such_host : Fault::resolver_failed,
          .list = {},
          .error = (resolver_works ? "the name does not resolve: " : "this computer resolves no names: ") + error};
}

}  // namespace

HostAddresses::HostAddresses(const std::vector<std::string>& resolve) {
  for (const auto& entry : resolve) given_.add(entry);
}

void HostAddresses::find(const Url& url, Done done) {
  if (is_address(url.host())) return done({});
  const std::string host = url.ascii_host();
  if (const auto* given = given_.find(host, url.port()))
    return done({.fault = Fault::none, .list = *given, .error = {}});
  lookup_.find(host, [this, host, done = std::move(done)](const Addresses& addresses) {
    if (addresses.fault == Fault::none) return done(addresses);
    if (exists_nowhere(host)) return done(not_found(addresses.error, true));
    lookup_.find(kAlwaysThere, [done, error = addresses.error](const Addresses& probe) {
      done(not_found(error, probe.fault == Fault::none));
    });
  });
}

}  // namespace check
