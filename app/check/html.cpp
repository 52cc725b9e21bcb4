// Gumbo walks its tree recursively to free it, searches all open elements for each new one and all attributes of a tag
// for each new one. So the tree goes with the arena as a whole, and the arena watches memory and time.
#include "app/check/html.hpp"

#include <array>
#include <bit>
#include <csetjmp>
#include <cstddef>
#include <ctime>
#include <memory>
#include <new>
#include <utility>

#include <gumbo.h>

#include "app/check/html_texts.hpp"

namespace check {

// Memory in pieces, given back all at once. What the parser frees before serves it again: it frees most of what it
// takes. Jumps out of the parser when it has had enough: the frames between are C's.
class HtmlArena {
 public:
  static void* allocate(void* arena, std::size_t size) { return static_cast<HtmlArena*>(arena)->take(size); }
  static void deallocate(void* arena, void* block) {
    if (block != nullptr) static_cast<HtmlArena*>(arena)->put_back(block);
  }

  std::jmp_buf enough;

 private:
  static constexpr std::size_t kPiece = 32 << 10;  // to free 64 KiB makes malloc tidy up, each time
  static constexpr int kCallsBetweenLooks = 64;
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);

  // In front of each block.
  struct alignas(std::max_align_t) Head {
    std::size_t power = 0;  // the block has 2^power bytes
    Head* next = nullptr;   // the next free one of its size
  };

  void* take(std::size_t size) {
    if (size > HtmlDocument::kMaxMemory || late()) std::longjmp(enough, 1);
    const auto power = static_cast<std::size_t>(std::bit_width(size < kAlignment ? kAlignment - 1 : size - 1));
    Head*& free = free_[power];
    if (free == nullptr) return cut(power);
    Head* const head = free;
    free = head->next;
    return head + 1;
  }

  void put_back(void* block) {
    Head* const head = static_cast<Head*>(block) - 1;
    head->next = free_[head->power];
    free_[head->power] = head;
  }

  void* cut(std::size_t power) {
    const std::size_t size = sizeof(Head) + (std::size_t{1} << power);
    if (size > HtmlDocument::kMaxMemory - taken_) std::longjmp(enough, 1);
    taken_ += size;
    if (size > left_) open_piece(size);
    left_ -= size;
    Head* const head = new (next_) Head{.power = power};
    next_ += size;
    return head + 1;
  }

  void open_piece(std::size_t size) {
    left_ = size > kPiece ? size : kPiece;
    pieces_.push_back(std::unique_ptr<std::byte[]>(new std::byte[left_]));
    next_ = pieces_.back().get();
  }

  static std::int64_t milliseconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  }

  bool late() {
    if (--calls_to_look_ > 0) return false;
    calls_to_look_ = kCallsBetweenLooks;
    // The thread's clock takes a system call; it cannot have gone further than this one, which takes none.
    if (milliseconds(CLOCK_MONOTONIC_COARSE) - began_ <= HtmlDocument::kMaxMilliseconds) return false;
    return milliseconds(CLOCK_THREAD_CPUTIME_ID) - began_of_thread_ > HtmlDocument::kMaxMilliseconds;
  }

  std::vector<std::unique_ptr<std::byte[]>> pieces_;
  std::array<Head*, 40> free_{};  // by power
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t taken_ = 0;
  int calls_to_look_ = kCallsBetweenLooks;
  std::int64_t began_ = milliseconds(CLOCK_MONOTONIC_COARSE);
  std::int64_t began_of_thread_ = milliseconds(CLOCK_THREAD_CPUTIME_ID);
};

namespace {

// nullptr: it took too much. Holds nothing that a jump would leave undestroyed.
const GumboOutput* parse(HtmlArena* arena, const char* text, std::size_t size) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = HtmlArena::allocate;
  options.deallocator = HtmlArena::deallocate;
  options.userdata = arena;
  options.max_errors = 0;
  if (setjmp(arena->enough) != 0) return nullptr;  // NOLINT(cert-err52-cpp): there is C between here and there
  return gumbo_parse_with_options(&options, text, size);
}

std::string_view up_to_tag(std::string_view html, std::size_t count) {
  for (std::size_t i = 0; i < html.size(); ++i)
    if (html[i] == '<' && count-- == 0) return html.substr(0, i);
  return html;
}

bool is_text(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA;
}

std::string_view tag_of(const GumboNode& node) {
  if (node.type != GUMBO_NODE_ELEMENT) return {};
  if (node.v.element.tag_namespace != GUMBO_NAMESPACE_HTML) return "svg";
  const std::string_view name = gumbo_normalized_tagname(node.v.element.tag);
  return name.empty() ? "?" : name;
}

void add_attributes(const GumboVector& from, std::vector<HtmlAttribute>& to) {
  for (unsigned i = 0; i < from.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(from.data[i]);
    to.push_back({attribute.name, attribute.value});
  }
}

// nullptr: it has none that anybody reads.
const GumboVector* children_of(const GumboNode& node) {
  if (node.type != GUMBO_NODE_ELEMENT || node.v.element.tag_namespace != GUMBO_NAMESPACE_HTML) return nullptr;
  return &node.v.element.children;
}

}  // namespace

std::string_view HtmlNode::attribute(std::string_view name) const {
  for (const HtmlAttribute& attribute : attributes)
    if (attribute.name == name) return attribute.value;
  return {};
}

bool HtmlNode::has(std::string_view name) const {
  for (const HtmlAttribute& attribute : attributes)
    if (attribute.name == name) return true;
  return false;
}

HtmlDocument::HtmlDocument(std::string html) : html_(std::move(html)) {
  constexpr std::size_t kHead = 64 << 10;
  const std::string_view part = up_to_tag(std::string_view(html_).substr(0, kMaxBytes), kMaxTags);
  complete_ = part.size() == html_.size();
  if (read(part)) return;
  complete_ = false;
  if (!read(part.substr(0, kHead))) arena_.reset();
}

HtmlDocument::~HtmlDocument() = default;

bool HtmlDocument::read(std::string_view html) {
  texts_ = std::make_unique<HtmlTexts>(html);
  arena_ = std::make_unique<HtmlArena>();
  const GumboOutput* const output = parse(arena_.get(), texts_->marked().data(), texts_->marked().size());
  if (output == nullptr) return false;
  list(output->root);
  return true;
}

void HtmlDocument::list(const void* root) {
  struct Level {
    const GumboVector* children;  // nullptr: none
    unsigned next;
    std::uint32_t index;
  };
  std::vector<Level> levels;
  std::vector<std::size_t> first_attributes;
  const auto add = [&](const GumboNode& node) {
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    const std::uint32_t parent = levels.empty() ? 0 : levels.back().index;
    first_attributes.push_back(attributes_.size());
    nodes_.push_back({.tag = tag_of(node), .text = {}, .attributes = {}, .parent = parent});
    if (is_text(node)) nodes_.back().text = texts_->restored(node.v.text.text);
    if (node.type == GUMBO_NODE_ELEMENT) add_attributes(node.v.element.attributes, attributes_);
    levels.push_back({children_of(node), 0, index});
  };
  add(*static_cast<const GumboNode*>(root));
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.children != nullptr && level.next < level.children->length) {
      const auto& child = *static_cast<const GumboNode*>(level.children->data[level.next++]);
      if (is_text(child) || child.type == GUMBO_NODE_ELEMENT) add(child);
    } else {
      nodes_[level.index].end = static_cast<std::uint32_t>(nodes_.size());
      levels.pop_back();
    }
  }
  first_attributes.push_back(attributes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    nodes_[i].attributes =
        std::span(attributes_).subspan(first_attributes[i], first_attributes[i + 1] - first_attributes[i]);
}

}  // namespace check
