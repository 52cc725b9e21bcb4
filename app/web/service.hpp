// What answers a worker's requests: the API's pipeline, or the redirect. Belongs to one worker process.
#pragma once

#include "app/http/request.hpp"
#include "app/http/response.hpp"

namespace web {

class Service {
 public:
  virtual ~Service() = default;

  virtual http::Response handle(const http::Request& request) noexcept = 0;  // never throws: the worst is a 500

  // Asked before the body of a request is read, whose method, path and headers are there. What is longer than the rule
  // allows is not read: handle() sees it in body_bytes.
  virtual http::BodyRule body_rule(const http::Request&) const noexcept { return {}; }

  // For the worker's loop, between requests. None of these throws.
  virtual int wakeup_fd() const { return -1; }  // poll for input; -1: none now. It may change with every call of ours.
  virtual void wake() {}                        // it was readable
  virtual void tick(bool idle) = 0;             // about once a second

  // Whether answers must wait for settle(): then the worker handles all that is ready, settles once, and sends.
  virtual bool settles() const { return false; }
  virtual void settle() noexcept {}
};

}  // namespace web
