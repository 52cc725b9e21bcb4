// Names of encodings: WHATWG Encoding, section 4.2.
#include "app/check/charset.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <iconv.h>

#include "app/check/url.hpp"

namespace check {
namespace {

// What pages call it, and what iconv does. Only these: iconv knows many more, and nobody's shop is written in them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kEncodings{{{"iso-8859-1", "windows-1252"},
                                                                                    {"latin1", "windows-1252"},
                                                                                    {"windows-1252", "windows-1252"},
                                                                                    {"us-ascii", "windows-1252"},
                                                                                    {"iso-8859-2", "iso-8859-2"},
                                                                                    {"windows-1250", "windows-1250"},
                                                                                    {"windows-1251", "windows-1251"},
                                                                                    {"windows-1253", "windows-1253"},
                                                                                    {"windows-1254", "windows-1254"},
                                                                                    {"iso-8859-9", "windows-1254"},
                                                                                    {"windows-1257", "windows-1257"},
                                                                                    {"iso-8859-15", "iso-8859-15"},
                                                                                    {"koi8-r", "koi8-r"},
                                                                                    {"shift_jis", "cp932"},
                                                                                    {"sjis", "cp932"},
                                                                                    {"euc-jp", "euc-jp"},
                                                                                    {"gb2312", "gb18030"},
                                                                                    {"gbk", "gb18030"},
                                                                                    {"gb18030", "gb18030"},
                                                                                    {"big5", "big5-hkscs"},
                                                                                    {"euc-kr", "cp949"},
                                                                                    {"ks_c_5601-1987", "cp949"}}};

// Behind "charset", "=" and a quote.
std::string named_in(std::string_view text) {
  const std::string plain = lower_ascii(text);
  const std::size_t at = plain.find("charset");
  if (at == std::string::npos) return {};
  const std::size_t first = plain.find_first_not_of(" =\"'", at + 7);
  if (first == std::string::npos) return {};
  return plain.substr(first, std::min(plain.find_first_of(" ;\"'/>\r\n", first), plain.size()) - first);
}

class Converter {
 public:
  explicit Converter(std::string_view from) : handle_(iconv_open("UTF-8", std::string(from).c_str())) {}
  ~Converter() {
    if (usable()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // POSIX gives (iconv_t)-1 for none.
  bool usable() const { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT(performance-no-int-to-ptr)

  std::string convert(std::string_view text) {
    std::string from(text);
    std::string result;
    char* in = from.data();
    std::size_t left = from.size();
    while (left > 0) {
      std::array<char, 8192> piece;
      char* out = piece.data();
      std::size_t room = piece.size();
      const bool failed = iconv(handle_, &in, &left, &out, &room) == static_cast<std::size_t>(-1);
      const int error = errno;
      result.append(piece.data(), piece.size() - room);
      if (!failed || error == E2BIG) continue;
      result += "\xEF\xBF\xBD";
      ++in;
      --left;
    }
    return result;
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::string charset_of(std::string_view html, std::string_view content_type) {
  std::string name = named_in(content_type);
  return name.empty() ? named_in(html.substr(0, 1024)) : name;
}

std::string to_utf8(std::string_view html, std::string_view charset) {
  const auto* const known =
      std::find_if(kEncodings.begin(), kEncodings.end(), [&](const auto& e) { return e.first == charset; });
  if (known == kEncodings.end()) return std::string(html);
  Converter converter(known->second);
  return converter.usable() ? converter.convert(html) : std::string(html);
}

}  // namespace check
