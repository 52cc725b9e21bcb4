// What a browser in an enemy's hands may say: whatever it is, it is answered with whole messages, asks for no more than
// ten parts, and leads to nothing but a web page.
#include "app/check/devtools.hpp"

#include <algorithm>
#include <string>

#include "app/check/page_dialogue.hpp"
#include "app/check/url.hpp"
#include "tests/fuzz/fuzz.hpp"

// The input is what comes over the pipe; a line's end does for the NUL.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(fuzz::text(data, size));
  std::replace(bytes.begin(), bytes.end(), '\n', '\0');
  check::DevtoolsReader reader;
  check::PageDialogue dialogue(
      {.url = *check::Url::parse("https://shop.example/out"), .headers = {{"content-type", "text/html"}}, .body = "x"});
  std::size_t parts = 0;
  reader.add(bytes);
  while (const auto message = reader.next()) {
    dialogue.hear(*message);
    for (const auto& wanted : dialogue.take_wanted()) {
      fuzz::require(wanted.url.starts_with("http"), "parts of the web");
      dialogue.answer_part(wanted.id, {});
      ++parts;
    }
    std::string words = dialogue.take_words();
    fuzz::require(words.empty() || words.back() == '\0', "whole messages");
    while (!words.empty()) {
      http::parse_json(words.substr(0, words.find('\0')));  // throws if it is none
      words.erase(0, words.find('\0') + 1);
    }
  }
  fuzz::require(parts <= check::PageDialogue::kMaxParts, "ten parts at most");
  if (dialogue.led_to()) fuzz::require(dialogue.led_to()->starts_with("http"), "leads to a web page");
  return 0;
}
