// The texts of a page, past the parser: it takes some 50 ns for each character, so it is shown one for each text, its
// mark. Scripts and styles are texts, too. It keeps to how the standard cuts a page into tags and texts (WHATWG HTML,
// section 13.2.5), and where that hangs on more than it can know, it leaves the page as it is.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace check {

class HtmlTexts {
 public:
  explicit HtmlTexts(std::string_view html);  // which must outlive this
  HtmlTexts(const HtmlTexts&) = delete;
  HtmlTexts& operator=(const HtmlTexts&) = delete;

  // The page to be parsed. Comments are empty in it, and of spaces in front of a text there is one.
  const std::string& marked() const { return marked_; }

  // What the parser found as text, with the texts in place of their marks; each text once. It lives as long as `html`,
  // this and `parsed`.
  std::string_view restored(std::string_view parsed);

 private:
  struct TagEnd {
    std::size_t position;  // behind its '>', or the page's end
    bool closes_itself;
  };

  void scan();
  void text();
  void reference();
  void markup();
  void declaration();
  void tag();
  void raw_text(std::string_view name);

  char at(std::size_t offset) const { return offset < html_.size() ? html_[offset] : '\0'; }
  std::size_t end_of_comment() const;
  TagEnd end_of_tag() const;
  std::size_t end_tag_of(std::string_view name) const;
  std::size_t behind(std::string_view end, std::size_t from) const;  // or the page's end
  std::string_view take(std::string_view mark);
  void copy_to(std::size_t end);
  void mark_to(std::size_t end);

  const std::string_view html_;
  std::size_t position_ = 0;
  std::string marked_;
  std::vector<std::string_view> texts_;
  std::deque<std::string> joined_;
};

}  // namespace check
