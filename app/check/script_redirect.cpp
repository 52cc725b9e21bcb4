#include "app/check/script_redirect.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "app/base/text.hpp"
#include "app/check/script_lead.hpp"
#include "app/check/script_tokens.hpp"
#include "app/check/script_value.hpp"

namespace check {
namespace {

constexpr int kMaxDepth = 3;                // of scripts in texts of scripts
constexpr int kMaxLooks = 10'000;           // at steps, for what a call comes to
constexpr std::int64_t kMaxDelay = 10'000;  // milliseconds

// Whether code runs as the page loads.
enum class Runs : std::uint8_t { always, when_called, on_condition, never };

// A pair of brackets that is open.
struct Frame {
  Runs runs = Runs::always;             // what stands in it
  Runs functions = Runs::never;         // the functions that are its arguments
  std::string function;                 // the one that it is in; empty: none with a name
  bool condition = false;               // it is what an "if" asks
  bool statement_on_condition = false;  // up to the next ";"
  bool asks_next = false;               // behind an "if": its condition comes
};

struct Step {
  std::string function{};                  // in which it happens; empty: none
  std::string call{};                      // of this function, or
  std::optional<std::string> reference{};  // a redirect; nullopt: computed
};

class Reader {
 public:
  Reader(std::string_view script, int depth)
      : tokens_(script_tokens(script)), values_(tokens_), depth_(depth), match_(matching_brackets(tokens_)) {}

  ScriptRedirect read() {
    frames_.push_back({});
    for (at_ = 0; at_ < tokens_.size(); ++at_) step();
    return result();
  }

 private:
  const ScriptToken& token(std::size_t index) const { return token_at(tokens_, index); }

  Runs runs() const {
    const Frame& frame = frames_.back();
    if (!frame.statement_on_condition) return frame.runs;
    return frame.runs == Runs::always ? Runs::on_condition : Runs::never;
  }

  // --- the walk ---------------------------------------------------------------------------------------------------

  void step() {
    const ScriptToken& here = tokens_[at_];
    if (here.line_before && ends_line(at_)) end_statement();
    if (opens_bracket(here)) return open();
    if (closes_bracket(here)) return close();
    if (here.is(";")) return end_statement();
    if (here.kind == ScriptToken::Kind::name && word(here.text)) return;
    if (here.is("&&") || here.is("||") || here.is("?") || here.is("??")) frames_.back().statement_on_condition = true;
    if (here.is("=>")) return arrow();
    if (begins_) redirect_or_call();
    begins_ = false;
  }

  // A line break ends a statement unless an operator is on either side of it.
  bool ends_line(std::size_t index) const {
    if (index == 0) return true;
    const ScriptToken& last = tokens_[index - 1];
    const bool goes_on =
        last.kind == ScriptToken::Kind::sign && last.text != ")" && last.text != "]" && last.text != "}";
    if (goes_on || last.is("else") || frames_.back().asks_next) return false;
    return tokens_[index].kind != ScriptToken::Kind::sign && !(frames_.back().statement_on_condition && begins_);
  }

  void end_statement() {
    begins_ = true;
    frames_.back().statement_on_condition = false;
  }

  // True: nothing more to see in this word.
  bool word(std::string_view name) {
    static constexpr std::array<std::string_view, 6> kAsking{"if", "for", "while", "switch", "with", "catch"};
    static constexpr std::array<std::string_view, 3> kBranches{"else", "case", "default"};
    static constexpr std::array<std::string_view, 5> kPlain{"return", "void", "do", "try", "finally"};
    if (name == "function") return function(), true;
    if (one_of(name, kAsking)) return frames_.back().asks_next = true, begins_ = false, true;
    if (one_of(name, kBranches)) return frames_.back().statement_on_condition = true, begins_ = true, true;
    return one_of(name, kPlain) && begins_;
  }

  void open() {
    Frame frame{.runs = runs(), .function = frames_.back().function};
    if (tokens_[at_].is("(")) {
      frame.condition = frames_.back().asks_next;
      frames_.back().asks_next = false;
      frame.functions = functions_of_call(at_);
      begins_ = begins_ || at_ == 0 || token(at_ - 1).kind == ScriptToken::Kind::sign;
      if (frame.condition) begins_ = false;
    } else if (tokens_[at_].is("{")) {
      if (is_object(at_)) frame.runs = Runs::never;
      begins_ = true;
    }
    frames_.push_back(std::move(frame));
  }

  void close() {
    const bool condition = frames_.back().condition;
    const bool block = tokens_[at_].is("}");
    if (frames_.size() > 1) frames_.pop_back();
    if (condition) {
      frames_.back().statement_on_condition = true;
      begins_ = true;
    } else if (block) {
      begins_ = true;
      frames_.back().statement_on_condition = false;
    } else {
      begins_ = false;
    }
  }

  bool is_object(std::size_t brace) const {
    if (brace == 0) return false;
    const ScriptToken& before = tokens_[brace - 1];
    static constexpr std::array<std::string_view, 8> kValueNext{"(", ",", "=", ":", "?", "[", "return", "!"};
    return before.kind != ScriptToken::Kind::text && one_of(before.text, kValueNext);
  }

  // --- functions --------------------------------------------------------------------------------------------------

  // Those that are handed to this call: browsers run them as the page loads, or nobody knows.
  Runs functions_of_call(std::size_t bracket) {
    static constexpr std::array<std::string_view, 8> kNow{
        "setTimeout", "setInterval", "ready", "$", "jQuery", "requestAnimationFrame", "requestIdleCallback", "load"};
    if (bracket == 0) return runs();
    const ScriptToken& callee = tokens_[bracket - 1];
    if (callee.kind != ScriptToken::Kind::name || callee.is("return"))
      return runs();  // brackets around: called at once
    const std::string& first = token(bracket + 1).text;
    const bool event = callee.is("addEventListener") || callee.is("on") || callee.is("attachEvent");
    static constexpr std::array<std::string_view, 5> kLoading{"load", "DOMContentLoaded", "onload", "pageshow",
                                                              "ready"};
    if (!(event ? one_of(first, kLoading) : one_of(callee.text, kNow)) || late(bracket)) return Runs::never;
    called_by_argument(event ? bracket + 3 : bracket + 1);
    return runs();
  }

  bool late(std::size_t bracket) const {
    const std::size_t end = match_[bracket];
    if (end < bracket + 2 || !token(end - 2).is(",")) return false;
    return base::parse_int(token(end - 1).text).value_or(0) > kMaxDelay;
  }

  // setTimeout(go, 100), setTimeout("go()", 100)
  void called_by_argument(std::size_t argument) {
    const ScriptToken& first = token(argument);
    const bool alone = token(argument + 1).is(",") || token(argument + 1).is(")");
    if (!alone || runs() == Runs::never) return;
    if (first.kind == ScriptToken::Kind::name) add({.call = first.text});
    if (first.kind == ScriptToken::Kind::text && depth_ < kMaxDepth) {
      const ScriptRedirect inner = Reader(first.text, depth_ + 1).read();
      if (inner.reference || inner.computed) add({.reference = inner.reference});
      if (const std::size_t bracket = first.text.find('('); bracket != std::string::npos)
        add({.call = first.text.substr(0, bracket)});
    }
  }

  // function [name] (...) {
  void function() {
    const std::size_t before = at_;
    std::size_t bracket = at_ + 1;
    const bool named = token(bracket).kind == ScriptToken::Kind::name;
    std::string name = named ? token(bracket++).text : name_assigned(before);
    if (!token(bracket).is("(") || match_[bracket] == 0) return;
    body(before, match_[bracket] + 1, std::move(name), named && begins_);
  }

  void arrow() {
    std::size_t first = at_ - (at_ > 0 ? 1 : 0);
    if (token(first).is(")")) {  // back to what opened it
      first = match_[first];
    }
    if (token(at_ + 1).is("{")) return body(first, at_ + 1, name_assigned(first), false);
    Frame& frame = frames_.back();  // an expression, up to the end of the brackets
    frame.runs = frame.functions;
    begins_ = true;
  }

  // Enters the block of a function whose own tokens begin at `first`.
  void body(std::size_t first, std::size_t brace, std::string name, bool declared) {
    if (!token(brace).is("{")) return;
    const bool at_once = !declared && name.empty();
    Frame frame{.runs = Runs::never, .function = frames_.back().function};
    if (at_once) {
      frame.runs = runs_as_expression(first);
    } else if (runs() == Runs::always) {
      const bool loading = name == "onload";
      frame.runs = loading ? Runs::always : Runs::when_called;
      if (!loading) frame.function = std::move(name);
    }
    at_ = brace;
    frames_.push_back(std::move(frame));
    begins_ = true;
  }

  Runs runs_as_expression(std::size_t first) const {
    if (first == 0) return Runs::never;
    const ScriptToken& before = tokens_[first - 1];
    static constexpr std::array<std::string_view, 5> kCalling{"!", "+", "-", "~", "void"};
    if (one_of(before.text, kCalling)) return runs();
    return before.is("(") || before.is(",") ? frames_.back().functions : Runs::never;
  }

  // "name = function", "window.onload = function"
  std::string name_assigned(std::size_t first) const {
    if (first < 2 || !token(first - 1).is("=")) return {};
    return token(first - 2).text;
  }

  void redirect_or_call() {
    if (runs() == Runs::never) return;
    if (auto lead = script_lead(tokens_, values_, at_)) add({.call = lead->call, .reference = lead->reference});
  }

  void add(Step step) {
    if (runs() == Runs::on_condition) {
      on_condition_ = on_condition_ || step.call.empty();
      return;
    }
    step.function = runs() == Runs::when_called ? frames_.back().function : std::string();
    steps_.push_back(std::move(step));
  }

  // --- what it comes to -------------------------------------------------------------------------------------------

  // The first redirect that happens in this function; nullptr: none.
  const Step* first_in(const std::string& function, int depth) {
    for (const Step& step : steps_) {
      if (step.function != function || looks_++ > kMaxLooks) continue;
      if (step.call.empty()) return &step;
      if (depth == kMaxDepth || step.call == function) continue;
      if (const Step* const inner = first_in(step.call, depth + 1)) return inner;
    }
    return nullptr;
  }

  ScriptRedirect result() {
    ScriptRedirect found{.reference = std::nullopt, .conditional = on_condition_};
    if (const Step* const step = first_in("", 0)) {
      found.reference = step->reference;
      found.computed = !step->reference;
    }
    return found;
  }

  std::vector<ScriptToken> tokens_;
  ScriptValues values_;
  int depth_;
  std::vector<std::size_t> match_;  // of each bracket: where the other one is; 0: nowhere
  std::vector<Frame> frames_;
  std::vector<Step> steps_;
  std::size_t at_ = 0;
  bool begins_ = true;  // a statement
  bool on_condition_ = false;
  int looks_ = 0;
};

}  // namespace

ScriptRedirect script_redirect(std::string_view script) {
  return Reader(script, 0).read();
}

}  // namespace check
