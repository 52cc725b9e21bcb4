// A connection that sends bytes as they are, for requests that no HTTP library would make. Replies are framed by the
// rules of RFC 9112, so that an injected header or a second reply cannot hide.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/support/https_client.hpp"

namespace support {

class RawConnection {
 public:
  // TLS for "https://…", plain TCP for "http://…"; never HTTP/2. Throws std::runtime_error if it cannot connect.
  RawConnection(const std::string& base_url, const std::string& ca_file,
                const std::string& local_address = "127.0.0.1");
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool send(std::string_view bytes);  // false: the peer has closed

  // The next reply; nullopt if none comes within `timeout_ms` or the peer closes first. `head`: it has no body.
  std::optional<Reply> read_reply(bool head = false, int timeout_ms = 5000);

  bool peer_closed() const { return closed_; }
  const std::string& unread() const { return buffer_; }  // bytes that belong to no reply read so far

 private:
  bool receive(int timeout_ms);  // appends to buffer_; false on time-out or close

  void* easy_ = nullptr;
  int socket_ = -1;
  bool closed_ = false;
  std::string buffer_;
};

}  // namespace support
