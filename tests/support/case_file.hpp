// Requests and expected answers as text: tests/cases/*.case. The format:
//
//   # a comment
//   == title of the case
//   > GET /api/v1/links?limit=2          the request line: METHOD TARGET, then HTTP/2 (default: HTTP/1.1) or PLAIN (the
//   > Authorization: Bearer ${key}       port without TLS); then its headers
//   >                                    an empty line, and what follows is the body
//   < 200                                the expected status
//   < Content-Type: application/json     a header, given once, with exactly this value; or
//   < ETag: /("[^"]+")/ => tag           matching a regular expression as a whole (here kept as ${tag}: its first
//   group); or < !Link                              absent < problem: invalid_parameter limit   a problem+json body
//   with this code (and this first faulty parameter) < body: empty                        nothing < body: same as first
//   byte for byte ${first}, and < body: => first                     keeps it
//   {"links": ["$each", 2, "$any"], …}   a JSON body: see json_match.hpp
//
// A case may hold several exchanges, one after the other; `> 120 x GET …` sends a request that often, and each answer
// must match. Lines with `>>` make a raw request instead, with \r \n \t \0 \xHH and \\ as in C; they are joined without
// anything between them, and sent over TLS. ${name} stands for a variable in requests and expectations, ${fill:N} for N
// letters.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/https_client.hpp"

namespace support {

struct ExpectedHeader {
  enum class Kind { exact, regex, absent };
  std::string name;  // lower case
  Kind kind = Kind::exact;
  std::string value;
  std::string keep_as;  // variable; may be empty
};

struct Exchange {
  int line = 0;
  int repeat = 1;
  bool plain = false;  // without TLS
  bool is_raw = false;
  std::string raw;  // with escapes undone, variables not yet filled in
  Call call;
  int status = 0;
  std::vector<ExpectedHeader> headers;
  std::string problem_code, problem_parameter;
  bool body_empty = false;
  std::string body_same_as, keep_body_as;  // variables
  std::string json;                        // expected body; empty: not looked at
};

struct Case {
  std::string title;
  std::string file;
  std::vector<Exchange> exchanges;
};

// Throws std::runtime_error with FILE:LINE and what was expected there.
std::vector<Case> read_case_file(const std::string& path);

// Variables: those kept by earlier exchanges, else `lookup`'s, which throws for a name that it does not know.
class Variables {
 public:
  using Lookup = std::function<std::string(const std::string&)>;
  explicit Variables(Lookup lookup) : lookup_(std::move(lookup)) {}

  void keep(const std::string& name, const std::string& value) { kept_[name] = value; }
  std::string value(const std::string& name);  // looked up once
  std::string fill(const std::string& text);   // every ${name}
  Call fill(const Call& call);

 private:
  Lookup lookup_;
  std::map<std::string, std::string> kept_;
};

}  // namespace support
