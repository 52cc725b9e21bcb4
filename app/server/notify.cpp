#include "app/server/notify.hpp"

#include <systemd/sd-daemon.h>

namespace server {

void notify_ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void notify_status(const std::string& status) {
  sd_notify(0, ("STATUS=" + status).c_str());
}

void notify_reloading() {
  sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(base::monotonic_micros())).c_str());
}

void notify_stopping() {
  sd_notify(0, "STOPPING=1\nSTATUS=finishing requests");
}

void notify_alive() {
  sd_notify(0, "WATCHDOG=1");
}

base::Micros watchdog_period() {
  std::uint64_t period = 0;
  return sd_watchdog_enabled(0, &period) > 0 ? static_cast<base::Micros>(period / 2) : 0;
}

}  // namespace server
