// All links of an account as a CSV file, and a CSV file's links into an account. Either may take minutes, in memory
// that does not grow with the number of rows.
#pragma once

#include <cstdint>

#include "app/http/response.hpp"
#include "app/web/context.hpp"

namespace handlers {

inline constexpr std::uint64_t kLargestImport = 256ULL << 20;  // bytes; nginx's limit is at least that

http::Response export_links(const http::Request& request, web::Context& context);

// What is in when it fails or its client leaves stays in: whole batches, up to a line that the answer or the log names.
http::Response import_links(const http::Request& request, web::Context& context);

}  // namespace handlers
