// "Did you mean …?" for names of settings.
#pragma once

#include <string>
#include <vector>

namespace base {

// "; did you mean pools.api.workers?" where a known name is near by spelling or is the same word in another table;
// otherwise nothing.
std::string suggestion(const std::string& name, const std::vector<std::string>& known);

}  // namespace base
