// How an event looks in JSON.
#pragma once

#include <string>

#include "app/http/json.hpp"
#include "db/model.hpp"

namespace handlers {

void write_event(http::JsonWriter& json, const db::Event& event, const std::string& public_url);

}  // namespace handlers
