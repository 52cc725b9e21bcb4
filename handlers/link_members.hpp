// What a client may say of a link: the members of a body that creates or changes one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/http/json_value.hpp"
#include "db/model.hpp"
#include "handlers/body.hpp"

namespace handlers {

// Those that were given. A null in JSON takes away what is there: it is an empty inner optional.
struct LinkMembers {
  std::optional<std::string> label;
  std::optional<std::string> url;
  std::optional<std::string> slug;
  std::optional<std::optional<std::string>> program;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::vector<std::string>> add_tags;  // of a link that is there; not together with tags
  std::optional<std::vector<std::string>> remove_tags;
  std::optional<std::optional<std::string>> fallback_url;
};

// Adds a fault for each value that a link may not have, each member that it does not have, and each that is not the
// client's to set. `pointer` is where in the body the object stands; members named in `also` are left to the caller.
LinkMembers read_link_members(const http::JsonObject& object, const std::string& pointer, const std::string& public_url,
                              Faults& faults, const std::vector<std::string_view>& also = {});

}  // namespace handlers
