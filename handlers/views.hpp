// How the product's things look in JSON. The members and their order are the public reference's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/http/json.hpp"
#include "app/http/json_value.hpp"
#include "app/http/problem.hpp"
#include "app/http/response.hpp"
#include "db/model.hpp"

namespace handlers {

http::Response json_response(std::string body);  // 200, for its key or session alone

using db::status_name;

void write_link(http::JsonWriter& json, const db::Link& link, const std::string& public_url);

void write_value(http::JsonWriter& json, const http::JsonValue& value);  // as it is

// A member that is null where there is none.
void write_optional(http::JsonWriter& json, std::string_view key, const std::optional<std::string>& value);

// A problem as a value within an answer: code, title, detail, errors.
void write_error(http::JsonWriter& json, const http::Problem& problem);

}  // namespace handlers
