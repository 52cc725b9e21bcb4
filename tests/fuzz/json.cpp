// The JSON writer, driven by the input as a list of calls: it throws on every misuse, and what it does hand out is
// read by an independent parser to the same texts. Also the UTF-8 helpers that it relies on.
#include "app/http/json.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "app/base/text.hpp"
#include "app/http/json_library.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

void collect(const rapidjson::Value& value, std::vector<std::string>& texts) {
  if (value.IsString()) texts.emplace_back(value.GetString(), value.GetStringLength());
  if (value.IsArray())
    for (const auto& element : value.GetArray()) collect(element, texts);
  if (value.IsObject())
    for (const auto& member : value.GetObject()) {
      collect(member.name, texts);
      collect(member.value, texts);
    }
}

// One call for each line of the input: its first character says which, the rest is its text.
void call(http::JsonWriter& json, std::string_view line, std::vector<std::string>& texts) {
  const std::string_view rest = line.empty() ? line : line.substr(1);
  switch (line.empty() ? ' ' : line[0]) {
    case '{':
      json.begin_object();
      break;
    case '}':
      json.end_object();
      break;
    case '[':
      json.begin_array();
      break;
    case ']':
      json.end_array();
      break;
    case ':':
      json.key(rest), texts.emplace_back(rest);
      break;
    case '"':
      json.string(rest), texts.emplace_back(rest);
      break;
    case '#':
      json.integer(static_cast<std::int64_t>(rest.size()) - 3);
      break;
    case '.':
      json.number(static_cast<double>(rest.size()) / 3);
      break;
    case '?':
      json.boolean(rest.empty());
      break;
    default:
      json.null();
  }
}

void check_utf8(std::string_view text) {
  const std::string clean = base::replace_bad_utf8(text);
  fuzz::require(base::valid_utf8(clean), "replaced text is valid");
  fuzz::require(base::valid_utf8(text) == (clean == text), "only bad text is changed");
  fuzz::require(!base::valid_utf8(text) || base::valid_utf8(base::shorten(text, text.size() / 2)), "no half character");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text(data, size);
  check_utf8(rest);
  std::vector<std::string> texts;
  std::string document;
  try {
    http::JsonWriter json(16);
    while (!rest.empty()) call(json, fuzz::next_part(rest, '\n'), texts);
    document = json.take();
  } catch (const std::logic_error&) {
    return 0;  // misused
  }
  rapidjson::Document parsed;
  parsed.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(document.data(),
                                                                                       document.size());
  fuzz::require(!parsed.HasParseError(), "a finished document is JSON");
  std::vector<std::string> read;
  collect(parsed, read);
  fuzz::require(read == texts, "every text comes back");
  return 0;
}
