// Pages in UTF-8, whatever they were written in.
#pragma once

#include <string>
#include <string_view>

namespace check {

// The encoding that the Content-Type header names, or the page's first 1024 bytes do; in lower case, empty: none.
std::string charset_of(std::string_view html, std::string_view content_type);

// As it is, if the encoding is none that shops use. What is no character of it becomes U+FFFD.
std::string to_utf8(std::string_view html, std::string_view charset);

}  // namespace check
