#include "handlers/transfer_place.hpp"

#include <array>

#include "app/base/ids.hpp"
#include "app/base/log.hpp"
#include "app/http/problem.hpp"
#include "db/error.hpp"

namespace handlers {
namespace {

constexpr const char* kRetryAfterSeconds = "10";

http::Problem busy(const std::string& kind) {
  http::Problem problem(503, "busy",
                        "An " + kind +
                            " of this account is at work already, or this server has as many long requests as it "
                            "bears. Try again later.");
  problem.with_header("Retry-After", kRetryAfterSeconds);
  return problem;
}

}  // namespace

TransferPlace::TransferPlace(web::Context& context, const std::string& kind, int places_of_account)
    : transfers_(context.database.transfers()) {
  const std::array groups{
      db::PlaceGroup{kind + " of " + base::format_uuid(context.identity.account_id), places_of_account},
      context.long_requests};
  if (!transfers_.begin(groups)) throw busy(kind);
}

// Where the connection was lost, the places went with it.
TransferPlace::~TransferPlace() {
  try {
    transfers_.end();
  } catch (const db::Error& error) {
    base::log::warning("transfer_not_ended", {{"detail", error.what()}});
  }
}

}  // namespace handlers
