#include "app/http/json_value.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "app/base/text.hpp"
#include "app/http/json_library.hpp"
#include "app/http/problem.hpp"

namespace http {
namespace {

constexpr std::size_t kMaxQuoted = 40;  // bytes of a name that a message repeats

// Builds the values as the parser meets them. A handler's `false` stops the parser; `fault` then says why.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  bool Null() { return add({nullptr}); }
  bool Bool(bool value) { return add({value}); }
  bool Int(int value) { return add({std::int64_t{value}}); }
  bool Uint(unsigned value) { return add({std::int64_t{value}}); }
  bool Int64(std::int64_t value) { return add({value}); }
  bool Uint64(std::uint64_t value) {
    if (std::in_range<std::int64_t>(value)) return add({static_cast<std::int64_t>(value)});
    return add({static_cast<double>(value)});
  }
  bool Double(double value) { return add({value}); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return clean({text, size}) && add({std::string(text, size)});
  }
  bool StartArray() { return open({JsonArray{}}); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool StartObject() { return open({JsonObject{}}); }
  bool EndObject(rapidjson::SizeType) { return close(); }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (!clean({text, size})) return false;
    auto& level = levels_.back();
    level.name.assign(text, size);
    if (level.names.insert(level.name).second) return true;
    fault = "the member \"" + base::shorten(level.name, kMaxQuoted) + "\" comes twice in one object";
    return false;
  }

  std::string fault;
  JsonValue root;

 private:
  struct Level {
    JsonValue value;
    std::string name{};  // of the member that is read
    std::unordered_set<std::string> names{};
  };

  // What escapes may have made of it. RapidJSON takes the second half of a surrogate pair alone.
  bool clean(std::string_view text) {
    if (text.find('\0') != std::string_view::npos)
      fault = "a text holds the character U+0000";
    else if (!base::valid_utf8(text))
      fault = "a text holds half of a surrogate pair";
    return fault.empty();
  }

  bool add(JsonValue value) {
    if (levels_.empty()) {
      root = std::move(value);
    } else if (auto* array = std::get_if<JsonArray>(&levels_.back().value.value)) {
      array->push_back(std::move(value));
    } else {
      std::get<JsonObject>(levels_.back().value.value).push_back({levels_.back().name, std::move(value)});
    }
    return true;
  }

  bool open(JsonValue value) {
    if (levels_.size() == kMaxJsonDepth) {
      fault = "arrays and objects are nested more than " + std::to_string(kMaxJsonDepth) + " deep";
      return false;
    }
    levels_.push_back({std::move(value)});
    return true;
  }

  bool close() {
    JsonValue value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }

  std::vector<Level> levels_;
};

std::string place(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Problem invalid_json(std::string_view text, std::size_t offset, const std::string& fault) {
  return {400, "invalid_json", "The body is not valid JSON: " + fault + " (" + place(text, offset) + ")."};
}

std::string describe(rapidjson::ParseErrorCode code) {
  std::string words = rapidjson::GetParseError_En(code);
  while (words.ends_with('.')) words.pop_back();
  if (!words.empty()) words[0] = static_cast<char>(words[0] | 0x20);
  return words;
}

}  // namespace

JsonValue parse_json(std::string_view text) {
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw Problem(400, "invalid_json", "The body is empty. It must be a JSON document.");
  if (const auto nul = text.find('\0'); nul != std::string_view::npos)  // to the parser it looks like the end
    throw invalid_json(text, nul, "it holds a byte 0");
  Builder builder;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::Reader reader;
  if (reader.Parse<kFlags>(stream, builder)) return std::move(builder.root);
  throw invalid_json(text, std::min(reader.GetErrorOffset(), text.size()),
                     builder.fault.empty() ? describe(reader.GetParseErrorCode()) : builder.fault);
}

std::string_view kind_name(const JsonValue& value) {
  static constexpr std::string_view kNames[] = {"null",     "true or false", "a number", "a number",
                                                "a string", "an array",      "an object"};
  return kNames[value.value.index()];
}

std::string pointer_token(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token += c;
  }
  return token;
}

}  // namespace http
