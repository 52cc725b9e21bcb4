// Settings of who asks: keys and their limits, people and their sessions; and of what is written down of it.
#include "app/base/config_checks.hpp"
#include "app/base/config_tables.hpp"

namespace base {

void add_limits(std::vector<Setting>& all) {
  using R = Config::RateLimit;
  using K = Config::Keys;
  all.insert(
      all.end(),
      {
          {.table = "rate_limit",
           .key = "slots",
           .field = &at<&Config::rate_limit, &R::slots>,
           .help = "API keys that may be active within one minute. One slot takes 8 bytes for each possible request.",
           .minimum = 64,
           .maximum = 1'048'576},
          {.table = "rate_limit",
           .key = "max_requests_per_minute",
           .field = &at<&Config::rate_limit, &R::max_requests_per_minute>,
           .help = "The largest number that a plan may have.",
           .minimum = 1,
           .maximum = 100'000},
          {.table = "keys",
           .key = "cache_entries",
           .field = &at<&Config::keys, &K::cache_entries>,
           .help = "Keys that each worker remembers.",
           .minimum = 1,
           .maximum = 10'000'000},
          {.table = "keys",
           .key = "rejected_per_minute",
           .field = &at<&Config::keys, &K::rejected_per_minute>,
           .help = "Well-formed but unknown keys that one client address may try in a minute.",
           .minimum = 1,
           .maximum = 100'000},
          {.table = "keys",
           .key = "revoke_on_plain_http",
           .field = &at<&Config::keys, &K::revoke_on_plain_http>,
           .help = "Revoke a key that was sent over plain HTTP: it has crossed the network in the clear."},
          {.table = "log",
           .key = "level",
           .field = &at<&Config::log, &Config::Log::level>,
           .help = "The least important lines that are written: debug, info, warning or error."},
          {.table = "log",
           .key = "requests",
           .field = &at<&Config::log, &Config::Log::requests>,
           .help = "A line for each request (nginx's access log has them already)."},
      });
}

void add_people(std::vector<Setting>& all) {
  using S = Config::Sessions;
  using A = Config::Accounts;
  all.insert(all.end(),
             {
                 {.table = "sessions",
                  .key = "requests_per_minute",
                  .field = &at<&Config::sessions, &S::requests_per_minute>,
                  .help = "What one browser that is signed in may ask in 60 seconds. At most "
                          "rate_limit.max_requests_per_minute.",
                  .minimum = 1,
                  .maximum = 100'000},
                 {.table = "sessions",
                  .key = "lifetime_days",
                  .field = &at<&Config::sessions, &S::lifetime_days>,
                  .help = "Days after its last use that a session ends.",
                  .minimum = 1,
                  .maximum = 400},
                 {.table = "accounts",
                  .key = "self_sign_up",
                  .field = &at<&Config::accounts, &A::self_sign_up>,
                  .help = "Whether anybody may make an account of their own. Otherwise `quietleaks user add` does."},
                 {.table = "accounts",
                  .key = "sign_up_plan",
                  .field = &at<&Config::accounts, &A::sign_up_plan>,
                  .help = "The plan of such an account.",
                  .accepts = is_plan_name,
                  .form = "the name of a plan"},
             });
}

}  // namespace base
