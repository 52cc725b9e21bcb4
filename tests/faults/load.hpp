// Steady requests from a thread of its own, through nginx, over a number of client connections, each answer looked at.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace faults {

struct LoadOptions {
  std::string url;
  std::string ca_file;
  std::string method = "GET";
  std::string key = {};  // API key; without one, nginx limits requests to /api/
  int connections = 8;
  int pause_ms = 0;  // of each connection, after each answer
};

struct LoadResult {
  long requests = 0;
  std::map<std::string, long> failures;  // status, or curl's word, and how often; `expected_status` is none
  double p50_ms = 0;
  double p99_ms = 0;
  double longest_ms = 0;
  double seconds = 0;

  long failed() const;
  std::string summary() const;
};

class Load {
 public:
  Load(LoadOptions options, int expected_status);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  LoadResult stop();  // after the requests in flight have ended

 private:
  void client();
  void note(double milliseconds, const std::string& failure);

  LoadOptions options_;
  int expected_status_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<double> milliseconds_;
  std::map<std::string, long> failures_;
  double started_;
  std::vector<std::thread> clients_;
};

}  // namespace faults
