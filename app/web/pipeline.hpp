// One request's way: route, method, key, rate, plan, handler; and one place where every exception becomes an answer.
// A pipeline belongs to one worker process.
#pragma once

#include <memory>

#include "app/base/config.hpp"
#include "app/http/request.hpp"
#include "app/http/response.hpp"
#include "app/shm/rate_limiter.hpp"
#include "app/shm/scoreboard.hpp"
#include "app/web/router.hpp"
#include "app/web/service.hpp"
#include "app/web/visits.hpp"

namespace web {

// The shared memory that the worker was given, and its place in it.
struct Shared {
  shm::RateLimiter& keys;      // one minute, by key
  shm::RateLimiter& rejected;  // one minute, by client address: keys that turned out to be unknown
  shm::WorkerSlot& slot;       // this worker's line on the scoreboard: the pipeline counts answers there
  Visits& visits;
};

class Pipeline final : public Service {
 public:
  Pipeline(const base::Config& config, std::vector<Route> routes, Shared shared);
  ~Pipeline() override;

  http::Response handle(const http::Request& request) noexcept override;
  http::BodyRule body_rule(const http::Request& request) const noexcept override;

  int wakeup_fd() const override;  // the database connection's
  void wake() override;            // a revocation may have come in
  void tick(bool idle) override;   // writes last_used_at, reconnects to the database, syncs clicks

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace web
