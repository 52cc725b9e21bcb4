// GET /go/{slug} in the go pool: link map, journal, 302, and nothing that waits. A slug that the map does not know is
// handed to the bulk pool, which asks the database (go_lookup.hpp), if that is not asked too often.
#pragma once

#include <string>

#include "app/base/clock.hpp"
#include "app/web/pipeline.hpp"
#include "app/web/service.hpp"
#include "app/web/visits.hpp"

namespace handlers {

class GoService final : public web::Service {
 public:
  explicit GoService(web::Shared shared);  // `keys` is not used

  http::Response handle(const http::Request& request) noexcept override;
  void tick(bool idle) override;
  bool settles() const override { return visits_.settles(); }
  void settle() noexcept override { visits_.settle(); }

 private:
  // How often a worker sends visitors to the database, whatever is asked of it: scans of random slugs must not become
  // the database's load. Full of `burst` at first.
  class Allowance {
   public:
    bool take(double per_second);

   private:
    base::Micros filled_at_ = 0;
    double tokens_ = 0;
  };

  http::Response answer(const http::Request& request);
  http::Response redirect(const http::Request& request, const clicks::Target& target);
  http::Response unknown(const http::Request& request);
  bool may_ask(const http::Request& request, bool map_complete);
  void count(int status);

  shm::RateLimiter& rejected_;
  shm::WorkerSlot& slot_;
  web::Visits& visits_;
  Allowance lookups_;
};

}  // namespace handlers
