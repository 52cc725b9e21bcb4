#include "app/server/fcgi_framing.hpp"

#include <optional>
#include <string>

namespace server {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr unsigned kVersion = 1;
constexpr unsigned kResponder = 1;
enum Type : unsigned { kBegin = 1, kParameters = 4, kInput = 5 };

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
unsigned pair_at(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

struct Record {
  unsigned type = 0;
  unsigned request = 0;
  std::string_view content;
};

// Takes the next record off `bytes`; none if it is not all there.
std::optional<Record> take_record(std::string_view& bytes) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  const std::size_t content = pair_at(bytes, 4);
  const std::size_t whole = kHeaderBytes + content + byte_at(bytes, 6);
  if (bytes.size() < whole) return std::nullopt;
  // A wrong version is told by a type that does not exist.
  const Record record{byte_at(bytes, 0) == kVersion ? byte_at(bytes, 1) : 0, pair_at(bytes, 2),
                      bytes.substr(kHeaderBytes, content)};
  bytes.remove_prefix(whole);
  return record;
}

bool is_begin(const Record& record) {
  return record.type == kBegin && record.request != 0 && record.content.size() == 8 &&
         pair_at(record.content, 0) == kResponder;
}

// A length of one byte, or of four with the highest bit set.
std::optional<std::size_t> take_length(std::string_view& block) {
  if (block.empty()) return std::nullopt;
  std::size_t length = byte_at(block, 0);
  const bool is_long = (length & 0x80) != 0;
  if (is_long && block.size() < 4) return std::nullopt;
  if (is_long) length = (length & 0x7f) << 24 | byte_at(block, 1) << 16 | pair_at(block, 2);
  block.remove_prefix(is_long ? 4 : 1);
  return length;
}

bool lengths_fit(std::string_view block) {
  while (!block.empty()) {
    const auto name = take_length(block);
    const auto value = take_length(block);
    if (!name || !value || *name > block.size() || *value > block.size() - *name) return false;
    block.remove_prefix(*name + *value);
  }
  return true;
}

// Behind the parameters there is only input; management records would be read by libfcgi with the same trust.
bool only_input_follows(std::string_view bytes, unsigned request) {
  while (bytes.size() >= kHeaderBytes) {
    if (byte_at(bytes, 1) != kInput || pair_at(bytes, 2) != request) return false;
    if (!take_record(bytes)) return true;
  }
  return true;
}

}  // namespace

Framing check_framing(std::string_view bytes) {
  const Framing unless_whole = bytes.size() < kMaxHeadBytes ? Framing::incomplete : Framing::broken;
  auto record = take_record(bytes);
  if (!record) return unless_whole;
  if (!is_begin(*record)) return Framing::broken;
  const unsigned request = record->request;
  std::string block;
  for (;;) {
    record = take_record(bytes);
    if (!record) return unless_whole;
    if (record->type != kParameters || record->request != request) return Framing::broken;
    if (record->content.empty()) break;
    block.append(record->content);
  }
  return lengths_fit(block) && only_input_follows(bytes, request) ? Framing::whole : Framing::broken;
}

}  // namespace server
