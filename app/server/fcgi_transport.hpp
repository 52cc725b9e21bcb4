// FastCGI on one given connection: reads a whole request into plain values, writes a whole response. Home of libfcgi.
//
// libfcgi's own way is to accept, serve and close. Here the worker owns accepting and waiting, so that it can hold many
// of nginx's kept connections: the transport is handed a connection that has input, and libfcgi only speaks the
// protocol.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "app/http/request.hpp"
#include "app/http/response.hpp"

namespace server {

class FcgiTransport {
 public:
  explicit FcgiTransport(std::size_t max_body_bytes);
  ~FcgiTransport();
  FcgiTransport(const FcgiTransport&) = delete;
  FcgiTransport& operator=(const FcgiTransport&) = delete;

  // Reads one request from `connection` and drains its input. False: the peer ended the connection or broke the
  // protocol, and the descriptor has been closed. Throws http::Problem for a request that can be answered but not
  // served (400, 413, 414, 431); `request` then holds what is known, its id at least. Every true or thrown receive is
  // followed by one send.
  bool receive(int connection, http::Request& request);

  // Answers the request that was received last. True: the connection is open and may bring another request. False: it
  // has been closed, because nginx did not ask to keep it, `may_keep` is false, or the peer is gone.
  bool send(const http::Request& request, const http::Response& response, bool may_keep);

 private:
  bool await_head(int connection);
  void read_parameters(http::Request& request) const;
  void read_body(http::Request& request) const;
  bool drain() const;

  struct Library;
  std::unique_ptr<Library> library_;
  std::size_t max_body_bytes_;
  std::vector<char> head_;  // what is looked at before libfcgi reads it
};

}  // namespace server
