// A long request's right to be at work: few of them for each account, and so many on a host that others find a worker.
#pragma once

#include <string>

#include "app/web/context.hpp"

namespace handlers {

class TransferPlace {
 public:
  // `kind`: "import", "export". Throws Problem 503 (busy) where all places are taken.
  TransferPlace(web::Context& context, const std::string& kind, int places_of_account);
  ~TransferPlace();
  TransferPlace(const TransferPlace&) = delete;
  TransferPlace& operator=(const TransferPlace&) = delete;

 private:
  db::Transfers& transfers_;
};

}  // namespace handlers
