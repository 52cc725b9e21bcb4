// What one check of a destination saw, as plain values: every request of its chain, and the page at the end. The
// fetcher writes it, the verdict reads it; neither knows the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace check {

class HtmlDocument;

using Milliseconds = std::chrono::milliseconds;

// How a hop leads on: by a status and a Location, by a meta refresh, or by a script of its page.
enum class HopKind : std::uint8_t { http, meta, script };

constexpr std::string_view hop_kind_name(HopKind kind) {
  return kind == HopKind::http ? "http" : kind == HopKind::meta ? "meta" : "script";
}

// A status that leads to its Location.
constexpr bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// One request. The first is for the URL that was asked for, the last is the one that led nowhere else.
struct Hop {
  std::string url;                      // absolute, without fragment
  std::optional<int> http_status;       // none: there was no answer
  HopKind kind = HopKind::http;         // http for the last one, too
  std::optional<std::string> location;  // where it led, absolute; none: nowhere
  std::string cookies{};                // "name=value" of each that its answer set, a line each; at most 4 KiB
  Milliseconds duration{0};             // from its start to the end of what was read of its answer
};

// Why no further request was made.
enum class Ending : std::uint8_t {
  answered,         // the last hop's answer is the end, whatever its status
  no_such_host,     // the name does not resolve, and others do
  resolver_failed,  // no name resolves here: it is ours that is ill
  late_lookup,      // the resolver did not come back with this name in time
  connect_failed,   // refused, unreachable
  timed_out,        // the check's time was over, or a connection's
  tls_failed,       // certificate or handshake
  broken_answer,    // not HTTP, cut off, or beyond what is read of a header
  unclear,          // refused in HTTP/2's own way, as walls do, or in a coding that browsers do not mind
  bad_location,     // a redirect to what is no http or https URL
  too_many_hops,    // including a redirect back to what was asked for with the same cookies
  crowded,          // its turn at the next host would have come too late
  refused,          // the address guard: not a public host, or not a web port
  failed            // here: no memory, no descriptors ...
};

struct Header {
  std::string name;  // lower case
  std::string value;
};

// The value of the first of that name; null: there is none.
inline const std::string* header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& one : headers)
    if (one.name == name) return &one.value;
  return nullptr;
}

struct Record {
  std::vector<Hop> hops;  // at least one, if the URL was one; at most 11: ten redirects
  Ending ending = Ending::failed;
  std::string error;                           // what ended it, for people; may hold text from outside
  std::vector<Header> headers;                 // of the last answer, in its order
  std::string body;                            // of the last answer, decoded, at most 1 MiB
  bool body_cut = false;                       // there was more of it
  std::shared_ptr<const HtmlDocument> page{};  // the body, read as HTML; null: nobody has read it yet, or it is judged
  Milliseconds duration{0};                    // of the whole chain
};

}  // namespace check
