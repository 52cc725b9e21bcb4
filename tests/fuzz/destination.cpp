// URLs of destinations: what is refused can be said; what is taken is plain, keeps its host however it is written, and
// does not lead where libc's own reading of the number would be private.
#include "app/links/destination.hpp"

#include <cctype>
#include <string>

#include <arpa/inet.h>

#include "app/base/text.hpp"
#include "app/http/address.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

constexpr const char* kPublicUrl = "https://ql.example";

void check_refusal(const std::string& fault) {
  fuzz::require(!fault.empty() && fault.size() < 300, "a refusal of readable length");
  fuzz::require(base::valid_utf8(fault), "a refusal that can be said");
}

// libc reads a part of what browsers read: where it sees an address, we must see the same one.
void check_number(const std::string& host) {
  in_addr address{};
  if (host.find_first_not_of("0123456789abcdefxABCDEFX.") != std::string::npos) return;
  if (inet_aton(host.c_str(), &address) == 0) return;
  fuzz::require(http::ends_in_number(host), "a number is seen");
  fuzz::require(http::parse_ipv4(host) == std::optional(ntohl(address.s_addr)), "and is the same address");
  fuzz::require(!http::special_use(ntohl(address.s_addr)), "of a public host");
}

void check_good(const std::string& url) {
  fuzz::require(url.size() <= links::kMaxUrl, "not too long");
  for (const char c : url) fuzz::require(c > ' ' && c < 0x7F, "plain characters only");
  const std::string host = links::host_of(url);
  fuzz::require(!host.empty() && host.find_first_of("@%/\\") == std::string::npos, "a host and nothing else");
  check_number(host);
  std::string loud = url;
  const std::size_t end = loud.find_first_of("/?#", loud.find("://") + 3);
  for (std::size_t i = 0; i < std::min(end, loud.size()); ++i)
    loud[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(loud[i])));
  fuzz::require(!links::destination_fault(loud, kPublicUrl), "case makes no difference");
  fuzz::require(links::host_of(loud) == host, "nor to the host");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text(data, size));
  // As it is, and as a host alone, so that few bytes reach far.
  for (const auto& url : {text, "https://" + text, "http://" + text + "/go/x"}) {
    if (const auto fault = links::destination_fault(url, kPublicUrl))
      check_refusal(*fault);
    else
      check_good(url);
  }
  links::destination_fault("https://ql.example/go/x", text);  // whatever the operator wrote
  return 0;
}
