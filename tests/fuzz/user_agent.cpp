// User agents: any text is a person's or a program's, in whatever case, and always the same.
#include <string>

#include "app/clicks/visitor.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

bool same(clicks::Agent a, clicks::Agent b) {
  return a.kind == b.kind && a.device == b.device;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static clicks::AgentMemo memo;
  const std::string_view text = fuzz::text(data, size);
  const clicks::Agent agent = clicks::classify_agent(text);
  fuzz::require(same(agent, clicks::classify_agent(upper(text))), "case means nothing");
  fuzz::require(same(agent, clicks::classify_agent(text.substr(0, clicks::kMaxUserAgent))), "nor does a long end");
  fuzz::require(same(agent, memo.classify(text)) && same(agent, memo.classify(text)), "what is remembered is the same");
  fuzz::require(!text.empty() || agent.kind == clicks::Kind::bot, "nothing is a bot's");
  return 0;
}
