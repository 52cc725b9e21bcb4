// A program that is not trusted, started where it can reach next to nothing: in user, network, process, mount and IPC
// namespaces of its own, with no network interface, and with a /tmp of its own in memory that is gone when it is. Knows
// nothing of what it runs.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace check {

class ContainedProcess {
 public:
  // `program` is a path, or a name to be found in PATH; what lies in /tmp, /home, /root, /run or /var/lib cannot be
  // started, nor seen by what is. It runs as this process's user, or as nobody if that is root, and has the other end
  // of socket() as its descriptors 3 and 4. Throws std::runtime_error with the reason, for people. The thread that
  // makes it has to outlive it: when that ends, however it ends, the kernel ends the program.
  ContainedProcess(const std::string& program, const std::vector<std::string>& arguments);
  ~ContainedProcess();  // ends it and all that it has started, and waits until they are gone
  ContainedProcess(const ContainedProcess&) = delete;
  ContainedProcess& operator=(const ContainedProcess&) = delete;

  int socket() const { return socket_; }  // a stream that does not block
  std::string complaint() const;          // the last line that it said on its standard error; may be empty

 private:
  void close_all();

  int socket_ = -1, errors_ = -1;
  pid_t pid_ = -1;
};

}  // namespace check
