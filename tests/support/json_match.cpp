#include "tests/support/json_match.hpp"

#include <regex>
#include <stdexcept>

#include "app/http/json_library.hpp"

namespace support {
namespace {

using rapidjson::Value;

std::string text_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return buffer.GetSize() > 200 ? std::string(buffer.GetString(), 200) + "…" : buffer.GetString();
}

std::string string_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::string mismatch(const std::string& path, const Value& expected, const Value& actual) {
  return path + ": expected " + text_of(expected) + ", got " + text_of(actual);
}

bool string_like(const Value& value, const char* pattern) {
  return value.IsString() && std::regex_match(string_of(value), std::regex(pattern));
}

constexpr const char* kTime = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)";

bool matches_matcher(const std::string& matcher, const Value& actual) {
  if (matcher == "$any") return true;
  if (matcher == "$integer") return actual.IsInt64();
  if (matcher == "$text") return actual.IsString() && actual.GetStringLength() > 0;
  if (matcher == "$uuid") return string_like(actual, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  if (matcher == "$time") return string_like(actual, kTime);
  if (matcher == "$time-or-null") return actual.IsNull() || string_like(actual, kTime);
  if (matcher == "$request-id") return string_like(actual, "[A-Za-z0-9._-]{1,128}");
  throw std::runtime_error("no such matcher: " + matcher);
}

std::string compare(const std::string& path, const Value& expected, const Value& actual);

std::string compare_objects(const std::string& path, const Value& expected, const Value& actual) {
  auto got = actual.MemberBegin();
  for (auto want = expected.MemberBegin(); want != expected.MemberEnd(); ++want, ++got) {
    const std::string member = path + "." + string_of(want->name);
    if (got == actual.MemberEnd()) return member + ": missing";
    if (got->name != want->name) return member + ": expected here, got member " + string_of(got->name);
    if (auto difference = compare(member, want->value, got->value); !difference.empty()) return difference;
  }
  return got == actual.MemberEnd() ? "" : path + ": unexpected member " + string_of(got->name);
}

std::string compare_each(const std::string& path, const Value& expected, const Value& actual) {
  if (expected[1].IsUint() && expected[1].GetUint() != actual.Size())
    return path + ": expected " + text_of(expected[1]) + " elements, got " + std::to_string(actual.Size());
  for (rapidjson::SizeType i = 0; i < actual.Size(); ++i)
    if (auto difference = compare(path + "[" + std::to_string(i) + "]", expected[2], actual[i]); !difference.empty())
      return difference;
  return "";
}

std::string compare_arrays(const std::string& path, const Value& expected, const Value& actual) {
  if (expected.Size() == 3 && expected[0] == "$each") return compare_each(path, expected, actual);
  if (expected.Size() != actual.Size())
    return path + ": expected " + std::to_string(expected.Size()) + " elements, got " + text_of(actual);
  for (rapidjson::SizeType i = 0; i < actual.Size(); ++i)
    if (auto difference = compare(path + "[" + std::to_string(i) + "]", expected[i], actual[i]); !difference.empty())
      return difference;
  return "";
}

std::string compare(const std::string& path, const Value& expected, const Value& actual) {
  if (expected.IsString()) {
    const std::string text = string_of(expected);
    if (text.starts_with('$')) return matches_matcher(text, actual) ? "" : mismatch(path, expected, actual);
    if (text.size() > 2 && text.starts_with('/') && text.ends_with('/'))
      return string_like(actual, text.substr(1, text.size() - 2).c_str()) ? "" : mismatch(path, expected, actual);
  }
  if (expected.GetType() != actual.GetType()) return mismatch(path, expected, actual);
  if (expected.IsObject()) return compare_objects(path, expected, actual);
  if (expected.IsArray()) return compare_arrays(path, expected, actual);
  return expected == actual ? "" : mismatch(path, expected, actual);
}

}  // namespace

std::string json_difference(const std::string& expected, const std::string& actual) {
  rapidjson::Document want, got;
  if (want.Parse(expected).HasParseError())
    return "the expectation is not JSON: " + std::string(rapidjson::GetParseError_En(want.GetParseError()));
  if (got.Parse<rapidjson::kParseValidateEncodingFlag>(actual).HasParseError())
    return "the answer is not JSON: " + std::string(rapidjson::GetParseError_En(got.GetParseError())) + ": " +
           actual.substr(0, 300);
  return compare("$", want, got);
}

}  // namespace support
