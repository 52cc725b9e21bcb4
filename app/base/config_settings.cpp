#include "app/base/config_settings.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace base {
namespace {

// at<&Config::pools, &Config::Pools::api, &PoolConfig::workers>(config) is config.pools.api.workers.
template <auto... Path>
auto& at(Config& config) {
  return (config.*....*Path);
}

bool host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
}

bool is_port(std::string_view text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  const auto port = digits ? parse_int(text) : std::nullopt;
  return port && *port >= 1 && *port <= 65535;
}

// "https://HOST" or "https://HOST:PORT", where HOST may be an IPv6 address in brackets.
bool is_origin(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return false;
  std::string_view host = url.substr(kScheme.size());
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    if (!is_port(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']'))
    return host.size() > 2 && host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
  return !host.empty() && std::all_of(host.begin(), host.end(), host_character);
}

bool is_connection_string(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://") ||
         text.find('=') != std::string_view::npos;
}

// sockaddr_un holds 107 bytes, and the longest name in there is bulk.sock.
bool is_socket_folder(std::string_view path) {
  return path.starts_with('/') && path.size() <= 90;
}

bool is_absolute(std::string_view path) {
  return path.starts_with('/');
}

bool is_absolute_or_empty(std::string_view path) {
  return path.empty() || is_absolute(path);
}

bool is_connection_string_or_empty(std::string_view text) {
  return text.empty() || is_connection_string(text);
}

bool is_durability(std::string_view text) {
  return text == "process" || text == "power";
}

bool is_header_value(std::string_view text) {
  return text.size() <= 400 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_list_of_ports(std::string_view text) {
  const auto ports = split_words(text);
  return std::all_of(ports.begin(), ports.end(), is_port);
}

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
           .help = "Holds the sockets go.sock, api.sock and bulk.sock, the scoreboard and the lock.",
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

void add_clicks(std::vector<Setting>& all) {
  using C = Config::Clicks;
  all.insert(
      all.end(),
      {
          {.table = "clicks",
           .key = "database_url",
           .field = &at<&Config::clicks, &C::database_url>,
           .help = "How the process that counts clicks reaches PostgreSQL, as the role quietleaks_clicks. Empty: by "
                   "database.url.",
           .secret = true,
           .accepts = is_connection_string_or_empty,
           .form = "a libpq URI (postgresql://USER@HOST/DATABASE) or keywords (host=... dbname=...)"},
          {.table = "clicks",
           .key = "durability",
           .field = &at<&Config::clicks, &C::durability>,
           .help = "\"process\": no death of a process loses a click, and a power cut at most those of the last 50 "
                   "ms.\n\"power\": a redirect waits until its click is on the disk.",
           .accepts = is_durability,
           .form = "\"process\" or \"power\""},
          {.table = "clicks",
           .key = "geoip_file",
           .field = &at<&Config::clicks, &C::geoip_file>,
           .help = "A MaxMind DB file that knows countries (such as DB-IP's or GeoLite2's). Empty: clicks have none.",
           .accepts = is_absolute_or_empty,
           .form = "an absolute path"},
      });
}

void add_monitor(std::vector<Setting>& all) {
  using M = Config::Monitor;
  all.insert(
      all.end(),
      {
          {.table = "monitor",
           .key = "database_url",
           .field = &at<&Config::monitor, &M::database_url>,
           .help = "How quietleaks-monitor reaches PostgreSQL, as the role quietleaks_monitor. Empty: by database.url.",
           .secret = true,
           .accepts = is_connection_string_or_empty,
           .form = "a libpq URI (postgresql://USER@HOST/DATABASE) or keywords (host=... dbname=...)"},
          {.table = "monitor",
           .key = "user_agent",
           .field = &at<&Config::monitor, &M::user_agent>,
           .help = "What checks call themselves. Empty: a current browser's name; many shops turn others away.",
           .accepts = is_header_value,
           .form = "printable ASCII, at most 400 characters"},
          {.table = "monitor",
           .key = "checks_at_once",
           .field = &at<&Config::monitor, &M::checks_at_once>,
           .help = "Checks that one process has under way. Each may hold 2 MB for a moment.",
           .minimum = 1,
           .maximum = 4096},
          {.table = "monitor",
           .key = "requests_per_host",
           .field = &at<&Config::monitor, &M::requests_per_host>,
           .help = "Requests to one host at once, of all monitors together.",
           .minimum = 1,
           .maximum = 100},
          {.table = "monitor",
           .key = "host_gap_ms",
           .field = &at<&Config::monitor, &M::host_gap_ms>,
           .help =
               "Time between the starts of two requests to one host. With 1000, a host is asked 3,600 times an hour.",
           .minimum = 0,
           .maximum = 3'600'000},
          {.table = "monitor",
           .key = "timeout_s",
           .field = &at<&Config::monitor, &M::timeout_s>,
           .help = "Seconds that a check may take, with all its redirects.",
           .minimum = 1,
           .maximum = 20},
          {.table = "monitor",
           .key = "slow_after_ms",
           .field = &at<&Config::monitor, &M::slow_after_ms>,
           .help = "A healthy link that takes longer is a slow one.",
           .minimum = 100,
           .maximum = 20'000},
          {.table = "monitor",
           .key = "recheck_after_s",
           .field = &at<&Config::monitor, &M::recheck_after_s>,
           .help = "Before a change of status is believed, the link is checked again, this many seconds later.",
           .minimum = 1,
           .maximum = 600},
      });
}

// Whom the monitor trusts and whom it may ask.
void add_reach(std::vector<Setting>& all) {
  using M = Config::Monitor;
  all.insert(
      all.end(),
      {
          {.table = "monitor",
           .key = "cacert_file",
           .field = &at<&Config::monitor, &M::cacert_file>,
           .help = "A PEM file of certificate authorities to trust instead of the system's. Empty: the system's.",
           .accepts = is_absolute_or_empty,
           .form = "an absolute path"},
          {.table = "monitor",
           .key = "allowed_networks",
           .field = &at<&Config::monitor, &M::allowed_networks>,
           .help =
               "Networks that are not public and may be checked all the same, on any port: \"10.1.0.0/16 fd00::/8\"."},
          {.table = "monitor",
           .key = "allowed_ports",
           .field = &at<&Config::monitor, &M::allowed_ports>,
           .help = "Ports of public hosts that may be checked beside 80 and 443: \"8080 8443\".",
           .accepts = is_list_of_ports,
           .form = "port numbers with a space between them"},
          {.table = "monitor",
           .key = "resolve",
           .field = &at<&Config::monitor, &M::resolve>,
           .help = "Addresses for names, as curl's --resolve has them: \"shop.example:443:192.0.2.7 ...\"."},
      });
}

std::vector<Setting> make_settings() {
  std::vector<Setting> all;
  add_general(all);
  add_database(all);
  add_server(all);
  add_pool<&Config::Pools::go>(all, "pools.go", "Redirects: /go/{slug}.",
                               "They wait for nothing: half the number of processors, and two at least.");
  add_pool<&Config::Pools::api>(all, "pools.api", "Hot reads: short and uniform.");
  add_pool<&Config::Pools::bulk>(all, "pools.bulk", "Whatever may be slow: deep pages, writes, imports, exports.",
                                 "Half of them may be at work on long imports and exports at once.");
  add_clicks(all);
  add_monitor(all);
  add_reach(all);
  add_limits(all);
  return all;
}

struct ExpectedValue {
  const Setting& setting;

  std::string range() const {
    return "an integer from " + std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum);
  }
  std::string operator()(int& (*)(Config&)) const { return range(); }
  std::string operator()(std::int64_t& (*)(Config&)) const { return range(); }
  std::string operator()(bool& (*)(Config&)) const { return "true or false"; }
  std::string operator()(log::Level& (*)(Config&)) const {
    return "one of \"debug\", \"info\", \"warning\", \"error\"";
  }
  std::string operator()(std::string& (*)(Config&)) const { return setting.form.empty() ? "text" : setting.form; }
};

}  // namespace

std::string Setting::name() const {
  return table.empty() ? key : table + '.' + key;
}

std::string Setting::environment_variable() const {
  std::string variable = "QL_" + name();
  for (char& c : variable) c = c == '.' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return variable;
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = make_settings();
  return all;
}

std::string expected_value(const Setting& setting) {
  return std::visit(ExpectedValue{setting}, setting.field);
}

}  // namespace base
