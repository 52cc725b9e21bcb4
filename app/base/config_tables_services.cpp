// Settings of what the server does beside answering: counting clicks, and checking where links lead.
#include "app/base/config_checks.hpp"
#include "app/base/config_tables.hpp"

namespace base {
namespace {

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

void add_headless(std::vector<Setting>& all) {
  using M = Config::Monitor;
  all.insert(
      all.end(),
      {
          {.table = "monitor",
           .key = "headless",
           .field = &at<&Config::monitor, &M::headless>,
           .help =
               "Whether pages that show next to nothing, and have a script, are given to Chromium, to see where the "
               "script leads.\nIt has no network of its own; each takes a second or so, and 350 MB for that time."},
          {.table = "monitor",
           .key = "headless_program",
           .field = &at<&Config::monitor, &M::headless_program>,
           .help = "Chromium: a name in PATH, or a path outside of /home, /root, /run, /tmp and /var/lib.",
           .accepts = is_program,
           .form = "a name, or an absolute path"},
          {.table = "monitor",
           .key = "headless_at_once",
           .field = &at<&Config::monitor, &M::headless_at_once>,
           .help = "Browsers that one process runs at once.",
           .minimum = 1,
           .maximum = 32},
      });
}

}  // namespace

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
  add_reach(all);
  add_headless(all);
}

}  // namespace base
