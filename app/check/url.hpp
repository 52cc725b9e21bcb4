// URLs of the web as browsers read them, over libcurl's URL API. Knows no network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace check {

// One of a query, decoded: "+" is a space, a broken escape stays as it is.
struct UrlParameter {
  std::string name;
  std::string value;
};

// An absolute http or https URL.
class Url {
 public:
  static constexpr std::size_t kMaxBytes = 16'384;

  // Mends what browsers mend (WHATWG URL): controls and spaces around it, backslashes, bare spaces and characters
  // outside ASCII. nullopt: not absolute, another scheme, no host, too long.
  static std::optional<Url> parse(std::string_view text);

  // A reference as it stands in a Location header or a page.
  std::optional<Url> resolve(std::string_view reference) const;

  const std::string& text() const { return text_; }  // without fragment and user name, with a path
  const std::string& host() const {
    return host_;
  }                                // lower case, no dot at its end; [::1]; a name outside ASCII as it is
  std::string ascii_host() const;  // as the DNS has it: a name outside ASCII in its xn-- form; empty: it has none
  const std::string& path() const { return path_; }    // begins with "/"; escapes as they were
  const std::string& query() const { return query_; }  // without "?"
  const std::string& fragment() const { return fragment_; }
  bool https() const { return https_; }
  std::uint16_t port() const { return port_; }

  // At most 200, in their order.
  std::vector<UrlParameter> parameters() const;
  std::vector<UrlParameter> fragment_parameters() const;  // of "#a=1&b=2" and "#/x?a=1&b=2"

 private:
  Url() = default;

  std::string text_;
  std::string host_;
  std::string path_;
  std::string query_;
  std::string fragment_;
  bool https_ = false;
  std::uint16_t port_ = 0;
};

// The scheme of a reference in lower case, without ":"; empty: it has none.
std::string scheme_of(std::string_view reference);

// Names that one owner has: the last two labels, or three behind a public suffix such as "co.uk". An address is itself.
std::string site_of(std::string_view host);

// Whether `host` is `name` or below it.
bool within_host(std::string_view host, std::string_view name);

std::string lower_ascii(std::string_view text);

}  // namespace check
