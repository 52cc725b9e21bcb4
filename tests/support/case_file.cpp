#include "tests/support/case_file.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'x') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
    }
  }
  return out;
}

// Cuts " => name" off the end and returns the name.
std::string take_keep_as(std::string& value) {
  static const std::regex keep(R"((.*?)\s*=> (\w+)$)");
  std::smatch match;
  if (!std::regex_match(value, match, keep)) return {};
  const std::string name = match[2];
  value = std::string(match[1]);
  return name;
}

// Reads one file line by line; every line belongs to what came before it.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)), in_(path_) {
    if (!in_) fail("cannot be read");
  }

  std::vector<Case> read() {
    for (std::string text; std::getline(in_, text);) {
      ++line_;
      if (text.starts_with("== ")) {
        cases_.push_back({text.substr(3), path_, {}});
        place_ = Place::title;
      } else if (!text.empty() && !text.starts_with('#')) {
        if (cases_.empty()) fail("expected '== title' first");
        take(text);
      }
    }
    for (const Case& one : cases_)
      if (one.exchanges.empty() || one.exchanges.back().status == 0) fail("'" + one.title + "' expects nothing");
    return std::move(cases_);
  }

 private:
  enum class Place { title, request, request_body, expectation };

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(path_ + ":" + std::to_string(line_) + ": " + what);
  }

  Exchange& exchange() { return cases_.back().exchanges.back(); }

  Exchange& new_exchange() {
    auto& added = cases_.back().exchanges.emplace_back();
    added.line = line_;
    return added;
  }

  void take(const std::string& text) {
    if (text.starts_with(">>")) return take_raw(text.substr(text.size() > 2 ? 3 : 2));
    if (text.starts_with('>')) return take_request(text.substr(text.size() > 1 ? 2 : 1));
    if (place_ == Place::title) fail("expected a request ('> METHOD TARGET')");
    if (!text.starts_with('<')) {
      exchange().json += text + '\n';
      return;
    }
    const bool first = place_ != Place::expectation;
    place_ = Place::expectation;
    if (first) {
      take_status(text.substr(1));
    } else {
      take_expectation(text.substr(2));
    }
  }

  void take_raw(const std::string& text) {
    Exchange& target = place_ == Place::request ? exchange() : new_exchange();
    place_ = Place::request;
    target.is_raw = true;
    target.raw += unescape(text);
    target.call.method = target.raw.substr(0, target.raw.find(' '));
  }

  void take_request(const std::string& text) {
    if (place_ == Place::request_body) {
      exchange().call.body += text;
    } else if (place_ != Place::request) {
      take_request_line(text);
    } else if (text.empty()) {
      place_ = Place::request_body;
    } else {
      const auto colon = text.find(':');
      if (colon == std::string::npos) fail("expected 'Name: value'");
      const auto begin = text.find_first_not_of(' ', colon + 1);
      exchange().call.headers.emplace_back(text.substr(0, colon),
                                           begin == std::string::npos ? "" : text.substr(colon + 2));
    }
  }

  void take_request_line(const std::string& text) {
    static const std::regex form(R"((?:(\d+) x )?(\S+) (\S+)(?: (HTTP/2|PLAIN))?)");
    std::smatch match;
    if (!std::regex_match(text, match, form)) fail("expected '[N x] METHOD TARGET [HTTP/2|PLAIN]'");
    Exchange& target = new_exchange();
    place_ = Place::request;
    if (match[1].matched) target.repeat = std::stoi(match[1]);
    target.call.method = match[2];
    target.call.target = match[3];
    target.call.http2 = match[4] == "HTTP/2";
    target.plain = match[4] == "PLAIN";
  }

  void take_status(const std::string& text) {
    std::istringstream words(text);
    if (!(words >> exchange().status)) fail("expected '< STATUS'");
  }

  void take_expectation(const std::string& text) {
    if (text.starts_with('!')) {
      exchange().headers.push_back({lower(text.substr(1)), ExpectedHeader::Kind::absent, "", ""});
      return;
    }
    const auto colon = text.find(": ");
    if (colon == std::string::npos) fail("expected '< Name: value'");
    const std::string name = lower(text.substr(0, colon));
    const std::string value = text.substr(colon + 2);
    if (name == "problem") {
      std::istringstream(value) >> exchange().problem_code >> exchange().problem_parameter;
    } else if (name == "body") {
      take_body(value);
    } else {
      take_header(name, value);
    }
  }

  void take_body(std::string value) {
    exchange().keep_body_as = take_keep_as(value);
    if (value == "empty") {
      exchange().body_empty = true;
    } else if (value.starts_with("same as ")) {
      exchange().body_same_as = value.substr(8);
    } else if (!value.empty()) {
      fail("expected 'body: empty', 'body: same as NAME' or 'body: => NAME'");
    }
  }

  void take_header(const std::string& name, std::string value) {
    ExpectedHeader header{name, ExpectedHeader::Kind::exact, "", take_keep_as(value)};
    if (value.size() >= 2 && value.starts_with('/') && value.ends_with('/')) {
      header.kind = ExpectedHeader::Kind::regex;
      value = value.substr(1, value.size() - 2);
    }
    header.value = value;
    exchange().headers.push_back(header);
  }

  std::string path_;
  std::ifstream in_;
  int line_ = 0;
  Place place_ = Place::title;
  std::vector<Case> cases_;
};

}  // namespace

std::vector<Case> read_case_file(const std::string& path) {
  return Reader(path).read();
}

std::string Variables::value(const std::string& name) {
  if (name.starts_with("fill:")) return std::string(std::stoul(name.substr(5)), 'a');
  const auto found = kept_.find(name);
  return found != kept_.end() ? found->second : kept_[name] = lookup_(name);
}

std::string Variables::fill(const std::string& text) {
  std::string out;
  size_t from = 0;
  for (size_t at = 0; (at = text.find("${", from)) != std::string::npos;) {
    const size_t end = text.find('}', at);
    if (end == std::string::npos) throw std::runtime_error("a variable without its end: " + text.substr(at));
    out += text.substr(from, at - from) + value(text.substr(at + 2, end - at - 2));
    from = end + 1;
  }
  return out + text.substr(from);
}

Call Variables::fill(const Call& call) {
  Call filled = call;
  filled.target = fill(call.target);
  filled.body = fill(call.body);
  for (auto& header : filled.headers) header.second = fill(header.second);
  return filled;
}

}  // namespace support
