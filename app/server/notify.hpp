// What the service manager is told (sd_notify). Does nothing where there is none. Home of libsystemd.
#pragma once

#include <string>

#include "app/base/clock.hpp"

namespace server {

void notify_ready(const std::string& status);
void notify_status(const std::string& status);
void notify_reloading();
void notify_stopping();
void notify_alive();

// How often notify_alive() is expected at least; 0: never.
base::Micros watchdog_period();

}  // namespace server
