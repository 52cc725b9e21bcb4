// How libfcgi 2.4 is used, and what of it is avoided:
// - FCGX_InitRequest with socket -1 and `ipcFd` preset: FCGX_Accept_r then reads from that connection instead of
//   accepting. After a protocol error it closes the connection, tries to accept on -1, and returns an error.
// - `keepConnection` is 1 before FCGX_Accept_r, because that begins with FCGX_Finish_r, which would close otherwise.
// The
//   request's own record then overwrites it with nginx's wish.
// - `detached` makes its closing plain: without it every close waits for the peer, up to 2 s.
// - It is given a connection only after check_framing() has found that its lengths can be believed.
// - Input is drained before FCGX_Finish_r: what is left unread would be taken for the next request of the connection. A
//   streamed body is drained before its answer: nginx gives up on who stops reading.
// - FCGX_Free in place of FCGX_Finish_r leaves an answer without its end, for one that was begun and cannot be
// finished.
#include "app/server/fcgi_transport.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fcgiapp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/http/problem.hpp"
#include "app/server/fcgi_framing.hpp"
#include "app/server/fcgi_parameters.hpp"
#include "app/server/input.hpp"

namespace server {

struct FcgiTransport::Library {
  FCGX_Request request{};
};

namespace {

constexpr int kHeadPatienceMs = 50;
constexpr std::uint64_t kLongestPiece = 16'384;  // of a streamed body: some batch of work, then a sign of life

bool header_is_safe(const http::Header& header) {
  static constexpr std::string_view kControls("\r\n\0", 3);
  return header.first.find_first_of(kControls) == std::string::npos &&
         header.second.find_first_of(kControls) == std::string::npos;
}

bool has_body(const http::Request& request, const http::Response& response) {
  return request.method != "HEAD" && response.status != 204 && response.status != 304;
}

std::string header_block(const http::Response& response) {
  std::string block = "Status: " + std::to_string(response.status) + ' ';
  block.append(http::reason_phrase(response.status)).append("\r\n");
  for (const auto& header : response.headers) {
    if (!header_is_safe(header)) {
      base::log::error("unsafe_header_dropped", {{"detail", "a header field held CR, LF or NUL"}});
      continue;
    }
    block.append(header.first).append(": ").append(header.second).append("\r\n");
  }
  if (response.status != 204 && response.status != 304 && !response.source)
    block.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  return block.append("\r\n");
}

bool put(FCGX_Stream* out, const std::string& bytes) {
  const auto size = static_cast<int>(bytes.size());
  return FCGX_PutStr(bytes.data(), size, out) == size;
}

http::Problem broken_body() {
  return {400, "bad_request", "The request body is shorter than its Content-Length."};
}

}  // namespace

FcgiTransport::FcgiTransport(Host host)
    : library_(std::make_unique<Library>()), host_(std::move(host)), head_(kMaxHeadBytes) {
  FCGX_Init();
  FCGX_InitRequest(&library_->request, -1, FCGI_FAIL_ACCEPT_ON_INTR);
}

FcgiTransport::~FcgiTransport() {
  FCGX_Finish_r(&library_->request);
}

// Waits until the request's parameters are all there, which they are at once: nginx writes them in one piece. A peer
// that sends a part of them is not nginx, and must not keep a worker waiting.
bool FcgiTransport::await_head(int connection) {
  for (int waited = 0; waited < kHeadPatienceMs; ++waited) {
    const ssize_t count = recv(connection, head_.data(), head_.size(), MSG_PEEK);
    if (count <= 0) return false;
    const Framing framing = check_framing({head_.data(), static_cast<std::size_t>(count)});
    if (framing == Framing::whole) return true;
    if (framing == Framing::broken)
      base::log::warning("not_fastcgi", {{"detail", "a peer on our socket does not speak it"}});
    pollfd peer{connection, POLLRDHUP, 0};
    if (framing == Framing::broken || poll(&peer, 1, 1) != 0) return false;  // poll: nothing more will come
  }
  return false;
}

bool FcgiTransport::receive(int connection, http::Request& request) {
  if (!await_head(connection)) {
    close(connection);
    return false;
  }
  FCGX_Request& fcgi = library_->request;
  fcgi.ipcFd = connection;
  fcgi.keepConnection = 1;
  FCGX_Detach(&fcgi);
  if (FCGX_Accept_r(&fcgi) != 0) return false;  // it has closed the connection
  try {
    read_parameters(request);
    read_body(request);
  } catch (const http::Problem&) {
    drain();  // the answer still has to get through; send() sees if it cannot
    throw;
  }
  if (request.read_body || drain()) return true;
  fcgi.keepConnection = 0;
  FCGX_Finish_r(&fcgi);
  return false;
}

void FcgiTransport::read_parameters(http::Request& request) const {
  server::read_parameters(library_->request.envp, request);
}

// A body that is longer than its route takes is not read here, but drained by the caller.
void FcgiTransport::read_body(http::Request& request) {
  const FCGX_Request& fcgi = library_->request;
  const char* announced = FCGX_GetParam("CONTENT_LENGTH", fcgi.envp);
  if (announced == nullptr || *announced == '\0') return;
  const auto length = base::parse_int(announced);
  if (!length || *length < 0) throw http::Problem(400, "bad_request", "Content-Length is not a number.");
  request.body_bytes = static_cast<std::uint64_t>(*length);
  const http::BodyRule rule = host_.body_rule(request);
  if (request.body_bytes > rule.max_bytes) return;
  if (rule.streamed) {
    unread_ = request.body_bytes;
    request.read_body = [this](char* into, std::size_t size) { return read_piece(into, size); };
    return;
  }
  request.body.resize(static_cast<std::size_t>(*length));
  const int got = FCGX_GetStr(request.body.data(), static_cast<int>(*length), fcgi.in);
  if (got != *length) throw broken_body();
}

std::size_t FcgiTransport::read_piece(char* into, std::size_t size) {
  const auto wanted = static_cast<int>(std::min<std::uint64_t>({size, unread_, kLongestPiece}));
  if (wanted == 0) return 0;
  // Who waits for no answer wants no more of it done, though the rest is here already.
  if (wait_for_input(library_->request.ipcFd, 0) == Input::abandoned) throw broken_body();
  if (FCGX_GetStr(into, wanted, library_->request.in) != wanted) throw broken_body();
  unread_ -= static_cast<std::uint64_t>(wanted);
  host_.progress();
  return static_cast<std::size_t>(wanted);
}

// Reads the input to its end. False: the connection broke on the way.
bool FcgiTransport::drain() const {
  std::array<char, 4096> rest;
  while (FCGX_GetStr(rest.data(), static_cast<int>(rest.size()), library_->request.in) > 0) host_.progress();
  return FCGX_GetError(library_->request.in) == 0;
}

// False: the peer is gone, or the source cannot go on and has said why elsewhere.
bool FcgiTransport::put_pieces(const http::BodySource& source) const {
  try {
    std::string piece;
    for (bool more = true; more;) {
      piece.clear();
      more = source(piece);
      if (!put(library_->request.out, piece)) return false;
      host_.progress();
    }
    return true;
  } catch (...) {
    return false;
  }
}

// Closes the connection in the middle of whatever it was.
bool FcgiTransport::abandon() {
  FCGX_Free(&library_->request, 1);
  return false;
}

bool FcgiTransport::send(const http::Request& request, const http::Response& response, bool may_keep) {
  FCGX_Request& fcgi = library_->request;
  if (request.read_body && !drain()) return abandon();
  put(fcgi.out, header_block(response));
  if (has_body(request, response)) {
    if (!response.source)
      put(fcgi.out, response.body);
    else if (!put_pieces(response.source))
      return abandon();
  }
  if (!may_keep) fcgi.keepConnection = 0;
  FCGX_Finish_r(&fcgi);  // closes unless kept and without an error
  const bool open = fcgi.ipcFd >= 0;
  fcgi.ipcFd = -1;  // the worker's again
  return open;
}

}  // namespace server
