// Stands between the clicks process and PostgreSQL, and cuts the connection that counts clicks at a COMMIT: before the
// server hears of it, or after it has answered and before the client hears that.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace faults {

class DatabaseProxy {
 public:
  enum class Cut { none, before_commit, lost_reply };

  // Listens in `folder` (made here) as PostgreSQL would; `server_folder` has the real one's socket.
  DatabaseProxy(const std::string& folder, const std::string& server_folder);
  ~DatabaseProxy();
  DatabaseProxy(const DatabaseProxy&) = delete;
  DatabaseProxy& operator=(const DatabaseProxy&) = delete;

  // The `nth` COMMIT from now on, once.
  void cut(Cut how, int nth);
  bool has_cut(double seconds) const;
  int commits() const { return commits_; }  // seen so far

 private:
  void serve();
  void carry(int client);
  bool cuts_at(const std::string& message, bool& counting);

  const std::string folder_;
  const std::string server_folder_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<int> how_{0};
  std::atomic<int> left_{0};
  std::atomic<int> commits_{0};
  std::thread server_;
  std::vector<std::thread> carriers_;
};

}  // namespace faults
