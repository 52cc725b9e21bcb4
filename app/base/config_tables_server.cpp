// Settings of the server itself: where it is, its database, its processes.
#include "app/base/config_checks.hpp"
#include "app/base/config_tables.hpp"

namespace base {
namespace {

template <auto Pool>
void add_pool(std::vector<Setting>& all, const std::string& table, const std::string& purpose,
              const std::string& how_many = "Twice the number of processors is a good start.") {
  using P = PoolConfig;
  all.insert(
      all.end(),
      {
          {.table = table,
           .key = "workers",
           .field = &at<&Config::pools, Pool, &P::workers>,
           .help = purpose + "\nProcesses. " + how_many,
           .minimum = 1,
           .maximum = 1024},
          {.table = table,
           .key = "backlog",
           .field = &at<&Config::pools, Pool, &P::backlog>,
           .help = "Connections that may wait for a worker. A full queue is an instant 502.",
           .minimum = 1024,
           .maximum = 65535},
          {.table = table,
           .key = "keep_connections",
           .field = &at<&Config::pools, Pool, &P::keep_connections>,
           .help = "Hold nginx's kept connections. Off where one slow request must not delay its neighbours."},
          {.table = table,
           .key = "max_requests",
           .field = &at<&Config::pools, Pool, &P::max_requests>,
           .help = "Replace a worker after this many requests. 0: never.",
           .minimum = 0,
           .maximum = 1'000'000'000'000},
          {.table = table,
           .key = "max_memory_mib",
           .field = &at<&Config::pools, Pool, &P::max_memory_mib>,
           .help = "Replace a worker that holds more resident memory than this. 0: never.",
           .minimum = 0,
           .maximum = 65536},
          {.table = table,
           .key = "stuck_after_s",
           .field = &at<&Config::pools, Pool, &P::stuck_after_s>,
           .help =
               "Replace a worker that is busy with one request for longer. Keep it below nginx's fastcgi_read_timeout.",
           .minimum = 1,
           .maximum = 3600},
      });
}

}  // namespace

void add_general(std::vector<Setting>& all) {
  all.insert(all.end(),
             {
                 {.table = "",
                  .key = "public_url",
                  .field = &at<&Config::public_url>,
                  .help = "The address that clients and visitors use. Proxy URLs and links in answers begin with it.",
                  .example = "https://links.example.com",
                  .accepts = is_origin,
                  .form = "\"https://HOST\" or \"https://HOST:PORT\" without a path and without a slash at the end"},
             });
}

void add_database(std::vector<Setting>& all) {
  using D = Config::Database;
  all.insert(all.end(), {
                            {.table = "database",
                             .key = "url",
                             .field = &at<&Config::database, &D::url>,
                             .help = "How to reach PostgreSQL: a libpq URI or keyword string.",
                             .secret = true,
                             .example = "postgresql://quietleaks_web@/quietleaks?host=/run/postgresql",
                             .accepts = is_connection_string,
                             .form = "a libpq URI (postgresql://USER@HOST/DATABASE) or keywords (host=... dbname=...)"},
                            {.table = "database",
                             .key = "connect_timeout_s",
                             .field = &at<&Config::database, &D::connect_timeout_s>,
                             .help = "Give up on a connection attempt after this many seconds.",
                             .minimum = 1,
                             .maximum = 60},
                            {.table = "database",
                             .key = "statement_timeout_ms",
                             .field = &at<&Config::database, &D::statement_timeout_ms>,
                             .help = "PostgreSQL ends a statement that takes longer; the client gets a 504.",
                             .minimum = 100,
                             .maximum = 20'000},
                            {.table = "database",
                             .key = "lock_timeout_ms",
                             .field = &at<&Config::database, &D::lock_timeout_ms>,
                             .help = "PostgreSQL ends a statement that waits longer for a lock.",
                             .minimum = 10,
                             .maximum = 20'000},
                        });
}

void add_server(std::vector<Setting>& all) {
  using S = Config::Server;
  all.insert(
      all.end(),
      {
          {.table = "server",
           .key = "run_dir",
           .field = &at<&Config::server, &S::run_dir>,
           .help = "Holds the sockets of the pools (api.sock ...), the scoreboard and the lock.",
           .accepts = is_socket_folder,
           .form = "an absolute path of at most 90 bytes (sockets are made in it)"},
          {.table = "server",
           .key = "state_dir",
           .field = &at<&Config::server, &S::state_dir>,
           .help = "Holds what must outlive a restart: the link map, and the journal of clicks not yet counted. On a "
                   "local disk.",
           .accepts = is_absolute,
           .form = "an absolute path"},
          {.table = "server",
           .key = "user",
           .field = &at<&Config::server, &S::user>,
           .help = "The user that workers run as, if the master is started as root. Empty: the master's."},
          {.table = "server",
           .key = "socket_group",
           .field = &at<&Config::server, &S::socket_group>,
           .help = "The group that may connect to the sockets: nginx's (www-data on Debian). Empty: the master's own."},
          {.table = "server",
           .key = "stop_timeout_s",
           .field = &at<&Config::server, &S::stop_timeout_s>,
           .help =
               "Seconds that running requests get to finish when the server stops or reloads. Imports and exports that "
               "take longer are cut off.",
           .minimum = 1,
           .maximum = 600},
      });
}

void add_pools(std::vector<Setting>& all) {
  add_pool<&Config::Pools::go>(all, "pools.go", "Redirects: /go/{slug}.",
                               "They wait for nothing: half the number of processors, and two at least.");
  add_pool<&Config::Pools::api>(all, "pools.api", "Hot reads: short and uniform.");
  add_pool<&Config::Pools::bulk>(all, "pools.bulk", "Whatever may be slow: deep pages, writes, imports, exports.",
                                 "Half of them may be at work on long imports and exports at once.");
  add_pool<&Config::Pools::passwords>(all, "pools.passwords", "Sign-ins, and other work on passwords.",
                                      "Each takes 64 MiB and a processor while it hashes a password.");
}

}  // namespace base
