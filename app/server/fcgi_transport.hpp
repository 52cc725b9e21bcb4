// FastCGI on one given connection: reads a request into plain values, writes a response. Home of libfcgi. Where a route
// asks for it, a body is read piece by piece while it is handled, and written while it is made.
//
// libfcgi's own way is to accept, serve and close. Here the worker owns accepting and waiting, so that it can hold many
// of nginx's kept connections: the transport is handed a connection that has input, and libfcgi only speaks the
// protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/http/request.hpp"
#include "app/http/response.hpp"

namespace server {

class FcgiTransport {
 public:
  struct Host {
    std::function<http::BodyRule(const http::Request&)>
        body_rule;                   // asked once the head of a request with a body is read
    std::function<void()> progress;  // a piece of a long transfer has gone through
  };

  explicit FcgiTransport(Host host);
  ~FcgiTransport();
  FcgiTransport(const FcgiTransport&) = delete;
  FcgiTransport& operator=(const FcgiTransport&) = delete;

  // Reads one request from `connection` and drains its input, unless it is to be streamed. False: the peer ended the
  // connection or broke the protocol, and the descriptor has been closed. Throws http::Problem for a request that can
  // be answered but not served (400, 414, 431); `request` then holds what is known, its id at least. Every true or
  // thrown receive is followed by one send.
  bool receive(int connection, http::Request& request);

  // Answers the request that was received last. True: the connection is open and may bring another request. False: it
  // has been closed, because nginx did not ask to keep it, `may_keep` is false, the peer is gone, or the response's
  // source failed: then without FastCGI's end of a request, so that nginx does not take a part for the whole.
  bool send(const http::Request& request, const http::Response& response, bool may_keep);

 private:
  bool await_head(int connection);
  void read_parameters(http::Request& request) const;
  void read_body(http::Request& request);
  std::size_t read_piece(char* into, std::size_t size);
  bool put_pieces(const http::BodySource& source) const;
  bool drain() const;
  bool abandon();

  struct Library;
  std::unique_ptr<Library> library_;
  const Host host_;
  std::uint64_t unread_ = 0;  // of a body that is streamed
  std::vector<char> head_;    // what is looked at before libfcgi reads it
};

}  // namespace server
