// HTML out of hostile hands, as a flat list of its elements and texts in document order. Home of gumbo.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace check {

class HtmlArena;
class HtmlTexts;

struct HtmlAttribute {
  std::string_view name;  // lower case
  std::string_view value;
};

struct HtmlNode {
  std::string_view tag;   // lower case; "?": one that HTML does not know; empty: this is text
  std::string_view text;  // of texts; of several spaces there may be one
  std::span<const HtmlAttribute> attributes;
  std::uint32_t parent = 0;  // its index; the root's is 0, its own
  std::uint32_t end = 0;     // the index behind all that is inside it

  std::string_view attribute(std::string_view name) const;  // empty: it has none
  bool has(std::string_view name) const;
};

// Drawings (<svg>, <math>) are left empty, <template> is left out: nobody reads them. Bytes that are no UTF-8 become
// U+FFFD.
class HtmlDocument {
 public:
  static constexpr std::size_t kMaxBytes = 1 << 20;    // more is not read
  static constexpr std::size_t kMaxMemory = 64 << 20;  // bytes
  static constexpr std::size_t kMaxTags = 60'000;      // counted as "<"; what follows is not read
  static constexpr int kMaxMilliseconds = 250;         // of this thread's processor time

  // Never fails: a page that would take more memory or time than that is read by its first 64 KiB, or not at all.
  explicit HtmlDocument(std::string html);
  ~HtmlDocument();
  HtmlDocument(const HtmlDocument&) = delete;
  HtmlDocument& operator=(const HtmlDocument&) = delete;

  const std::vector<HtmlNode>& nodes() const { return nodes_; }
  bool complete() const { return complete_; }  // false: a part was not read

 private:
  bool read(std::string_view html);
  void list(const void* root);

  // What the views below look at.
  const std::string html_;
  std::unique_ptr<HtmlTexts> texts_;
  std::unique_ptr<HtmlArena> arena_;

  std::vector<HtmlNode> nodes_;
  std::vector<HtmlAttribute> attributes_;
  bool complete_ = true;
};

}  // namespace check
