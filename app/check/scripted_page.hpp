// A page that a browser runs the scripts of, as it was answered.
#pragma once

#include <string>
#include <vector>

#include "app/check/record.hpp"
#include "app/check/url.hpp"

namespace check {

struct ScriptedPage {
  Url url;
  std::vector<Header> headers;
  std::string body;
};

}  // namespace check
