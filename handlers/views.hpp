// How the product's things look in JSON. The members and their order are the public reference's.
#pragma once

#include <string>
#include <string_view>

#include "app/http/json.hpp"
#include "db/model.hpp"

namespace handlers {

std::string_view status_name(db::LinkStatus status);

void write_link(http::JsonWriter& json, const db::Link& link, const std::string& public_url);

}  // namespace handlers
