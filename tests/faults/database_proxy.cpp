#include "tests/faults/database_proxy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <stdexcept>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/faults/web_instance.hpp"

namespace faults {
namespace {

constexpr int kLook = 20;  // milliseconds between looks at whether to stop

sockaddr_un address_in(const std::string& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder + "/.s.PGSQL.5432").copy(address.sun_path, sizeof(address.sun_path) - 1);
  return address;
}

int unix_socket() {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool pass_on(int to, const std::string& bytes) {
  return send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

// Empty at the end.
std::string take(int from) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

// What the client has sent, cut into the protocol's messages: a type (but for the first), a length, and the rest.
class Messages {
 public:
  void add(const std::string& bytes) { pending_ += bytes; }
  // The next whole one; empty: none yet.
  std::string next() {
    const std::size_t type = started_ ? 1 : 0;
    std::uint32_t length = 0;
    if (pending_.size() < type + sizeof length) return {};
    pending_.copy(reinterpret_cast<char*>(&length), sizeof length, type);
    const std::size_t size = type + ntohl(length);
    if (pending_.size() < size) return {};
    started_ = true;
    std::string message = pending_.substr(0, size);
    pending_.erase(0, size);
    return message;
  }

 private:
  bool started_ = false;
  std::string pending_;
};

bool is_commit(const std::string& message) {
  std::string text = message.substr(std::min<std::size_t>(message.size(), 5));
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return message[0] == 'Q' && text.starts_with("commit");
}

// Whoever moves positions of the journal; the reader of links commits too, and has nothing to lose.
bool shows_counting(const std::string& message) {
  return message.find("click_segments") != std::string::npos;
}

}  // namespace

DatabaseProxy::DatabaseProxy(const std::string& folder, const std::string& server_folder)
    : folder_(folder), server_folder_(server_folder), listener_(unix_socket()) {
  std::filesystem::create_directories(folder);
  const auto address = address_in(folder);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 64) != 0)
    throw std::runtime_error("cannot listen in " + folder);
  server_ = std::thread([this] { serve(); });
}

DatabaseProxy::~DatabaseProxy() {
  stopping_ = true;
  server_.join();
  for (auto& carrier : carriers_) carrier.join();
  close(listener_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void DatabaseProxy::cut(Cut how, int nth) {
  left_ = nth;
  how_ = static_cast<int>(how);
}

bool DatabaseProxy::has_cut(double seconds) const {
  return wait_until([&] { return how_ == static_cast<int>(Cut::none); }, seconds);
}

void DatabaseProxy::serve() {
  while (!stopping_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kLook) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) carriers_.emplace_back([this, client] { carry(client); });
  }
}

bool DatabaseProxy::cuts_at(const std::string& message, bool& counting) {
  counting = counting || shows_counting(message);
  if (!counting || !is_commit(message)) return false;
  ++commits_;
  return how_ != static_cast<int>(Cut::none) && --left_ == 0;
}

void DatabaseProxy::carry(int client) {
  const int server = unix_socket();
  const auto address = address_in(server_folder_);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  Messages messages;
  bool counting = false;
  while (open && !stopping_) {
    std::array<pollfd, 2> ready{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), kLook) <= 0) continue;
    if (ready[1].revents != 0) {
      const std::string bytes = take(server);
      open = !bytes.empty() && pass_on(client, bytes);
    }
    if (!open || ready[0].revents == 0) continue;
    const std::string bytes = take(client);
    open = !bytes.empty();
    messages.add(bytes);
    for (std::string message = messages.next(); open && !message.empty(); message = messages.next()) {
      if (!cuts_at(message, counting)) {
        open = pass_on(server, message);
        continue;
      }
      if (how_ == static_cast<int>(Cut::lost_reply) && pass_on(server, message)) take(server);  // it has committed
      how_ = static_cast<int>(Cut::none);
      open = false;
    }
  }
  close(server);
  close(client);
}

}  // namespace faults
