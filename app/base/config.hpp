// The one configuration file. Every setting has a default but public_url and database.url; each can be overridden by an
// environment variable (QL_ + table + key: QL_DATABASE_URL, QL_POOLS_API_WORKERS, QL_PUBLIC_URL), and a secret may come
// from a file (database.url_file). An environment variable that is empty counts as not set. Home of toml++.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

#include "app/base/log.hpp"

namespace base {

struct PoolConfig {
  int workers = 4;
  int backlog = 1024;                  // at least 1024: a unix socket's full queue is an instant 502
  bool keep_connections = true;        // hold nginx's kept connections; off where requests may be slow
  std::int64_t max_requests = 500000;  // then the worker is replaced; 0: never
  int max_memory_mib = 256;            // resident; then the worker is replaced; 0: never
  int stuck_after_s = 20;              // one request may take this long
};

struct NamedPool {
  const char* name;  // of its socket, and where the operator looks
  const PoolConfig* settings;
};

struct Config {
  std::string public_url;  // "https://links.example.com", no trailing slash

  struct Database {
    std::string url;
    int connect_timeout_s = 3;
    int statement_timeout_ms = 5000;
    int lock_timeout_ms = 1000;
  } database;

  struct Server {
    std::string run_dir = "/run/quietleaks";        // the pools' sockets (api.sock ...), scoreboard, lock
    std::string state_dir = "/var/lib/quietleaks";  // what must outlive a restart: the link map, the click journal
    std::string user;                               // workers run as; empty: as the master does
    std::string socket_group;                       // nginx's group; empty: the master's own
    int stop_timeout_s = 30;
  } server;

  struct Pools {
    // Redirects, on kept connections. They wait for nothing, so two serve some 20,000 a second on two processors, and
    // each more only wakes up more often for less.
    PoolConfig go{.workers = 2, .max_requests = 10'000'000};
    PoolConfig api;  // hot reads: short, uniform, on kept connections
    // Whatever may be slow (writes, deep pages, imports, exports): a connection for each request. Half of the workers
    // may be at work on long requests.
    PoolConfig bulk{.workers = 4, .keep_connections = false};
    // Whatever hashes a password: 64 MiB and a processor, for a twentieth of a second and more. So many at once, and
    // the others wait in the queue and in nobody's way.
    PoolConfig passwords{.workers = 2, .keep_connections = false};

    std::array<NamedPool, 4> all() const {
      return {{{"go", &go}, {"api", &api}, {"bulk", &bulk}, {"passwords", &passwords}}};
    }
  } pools;

  struct RateLimit {
    int slots = 16384;                  // keys active within one minute
    int max_requests_per_minute = 600;  // the largest number that a plan may have
  } rate_limit;

  struct Keys {
    int cache_entries = 10000;          // for each worker
    int rejected_per_minute = 600;      // for one client address: well-formed keys that turned out to be unknown
    bool revoke_on_plain_http = false;  // a key sent over port 80 has crossed the network in the clear
  } keys;

  struct Sessions {
    int requests_per_minute = 300;  // of one session
    int lifetime_days = 30;         // from its last use
  } sessions;

  struct Accounts {
    bool self_sign_up = false;
    std::string sign_up_plan = "free";  // the plan of an account that signed up itself
  } accounts;

  struct Clicks {
    std::string database_url;  // for the clicks process; empty: database.url
    // "process": no death of a process loses a click, and a power cut at most those of the last 50 ms; "power": a
    // redirect waits until its click is on the disk.
    std::string durability = "process";
    std::string geoip_file;  // MaxMind DB with countries; empty: none
  } clicks;

  struct Monitor {
    std::string database_url;      // for the monitor, as the role quietleaks_monitor; empty: database.url
    std::string user_agent;        // empty: a current browser's
    int checks_at_once = 256;      // in one process
    int requests_per_host = 2;     // at once, of all processes together
    int host_gap_ms = 1000;        // between the starts of two requests to a host
    int timeout_s = 20;            // for a whole chain
    int slow_after_ms = 3000;      // a chain that takes longer makes a healthy link a slow one
    int recheck_after_s = 30;      // before a change is believed
    std::string cacert_file;       // certificate authorities instead of the system's; empty: those
    std::string allowed_networks;  // "10.1.0.0/16 fd00::/8": not public, and yet checked; on any port
    std::string allowed_ports;     // "8080 8443": beside 80 and 443
    std::string resolve;           // "HOST:PORT:ADDRESS …", as curl's --resolve
    bool headless = false;         // run the scripts of pages that nothing else can lead on
    std::string headless_program = "chromium";
    int headless_at_once = 2;  // in one process
  } monitor;

  struct Log {
    log::Level level = log::Level::info;
    bool requests = false;  // a line for each request (nginx's access log has them already)
  } log;
};

// what() has a line for each thing that is wrong: "FILE:LINE: table.key: found ..., expected ...", or the name of the
// environment variable in place of file, line and key. A secret's value is never shown.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Environment = std::map<std::string, std::string>;
Environment environment();  // of this process

// An empty path: from the environment alone, and public_url may be missing: programs that need no more than the
// database do without a file.
Config load_config(const std::string& path, const Environment& environment);

// A commented file with every setting at its default, and an example where there is none: `--print-config`.
std::string default_config_text();

}  // namespace base
