// schema.org in JSON-LD: https://schema.org/Product and what it is sold by.
#pragma once

#include <string_view>

#include "app/check/structured_data.hpp"

namespace check {

// One script's text; what is no JSON adds nothing.
void add_json_ld(std::string_view text, StructuredData& data);

}  // namespace check
