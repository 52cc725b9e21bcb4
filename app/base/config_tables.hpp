// The parts of the one table of settings, which config_settings.cpp puts together.
#pragma once

#include <vector>

#include "app/base/config_settings.hpp"

namespace base {

// at<&Config::pools, &Config::Pools::api, &PoolConfig::workers>(config) is config.pools.api.workers.
template <auto... Path>
auto& at(Config& config) {
  return (config.*....*Path);
}

void add_general(std::vector<Setting>& all);
void add_database(std::vector<Setting>& all);
void add_server(std::vector<Setting>& all);
void add_pools(std::vector<Setting>& all);
void add_clicks(std::vector<Setting>& all);
void add_monitor(std::vector<Setting>& all);
void add_limits(std::vector<Setting>& all);
void add_people(std::vector<Setting>& all);

}  // namespace base
