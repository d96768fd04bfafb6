// A session by the bytes of PostgreSQL's protocol, for what libpq does not send: a message in pieces of the tester's choice.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/database/cluster.h"

namespace exitgate::observe {

class RawSession {
 public:
  RawSession(const database::Cluster& cluster, const std::string& database, const std::string& user) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = cluster.socket();
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    std::string body = number(196608);
    for (const std::string_view word :
         {"user", user.c_str(), "database", database.c_str(), "application_name", "raw"})
      body += text(word);
    body += '\0';
    send(number(static_cast<std::uint32_t>(body.size() + 4)) + body);
    answer();
  }
  ~RawSession() { ::close(socket_); }
  RawSession(const RawSession&) = delete;
  RawSession& operator=(const RawSession&) = delete;

  // A simple query; the bytes as they are, NULs among them.
  void query(std::string_view sql) {
    send(message('Q', text(sql)));
    answer();
  }
  // Parse, Bind and Execute, without Sync.
  static std::string execute(std::string_view sql,
                             const std::vector<std::optional<std::string>>& parameters = {}) {
    std::string bind = text("") + text("") + small(0) + small(parameters.size());
    for (const auto& one : parameters)
      bind += one ? number(static_cast<std::uint32_t>(one->size())) + *one : number(0xffffffffU);
    return message('P', text("") + text(sql) + small(0)) + message('B', bind + small(0)) +
           message('E', text("") + number(0));
  }
  // Several messages at once, then Sync.
  void pipeline(const std::string& messages) {
    send(messages + message('S', ""));
    answer();
  }
  void copy(std::string_view sql, const std::string& data) {
    send(message('Q', text(sql)) + message('d', data) + message('c', ""));
    answer();
  }

  // The bodies of all messages that came.
  const std::string& received() const { return received_; }

 private:
  static std::string number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU);
    return bytes;
  }
  static std::string small(std::size_t value) { return number(static_cast<std::uint32_t>(value)).substr(2); }
  static std::string text(std::string_view value) { return std::string(value) + '\0'; }
  static std::string message(char type, const std::string& body) {
    return type + number(static_cast<std::uint32_t>(body.size() + 4)) + body;
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  std::string exactly(std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      pollfd polled{socket_, POLLIN, 0};
      const ssize_t read =
          ::poll(&polled, 1, 60'000) > 0 ? ::read(socket_, bytes.data() + got, size - got) : -1;
      if (read <= 0) return "";
      got += static_cast<std::size_t>(read);
    }
    return bytes;
  }
  // Until the server is ready for the next query, or gone.
  void answer() {
    for (;;) {
      const std::string head = exactly(5);
      if (head.empty()) return;
      std::uint32_t size = 0;
      for (std::size_t at = 1; at < 5; ++at) size = size << 8U | static_cast<unsigned char>(head[at]);
      received_ += exactly(size - 4);
      if (head[0] == 'Z') return;
    }
  }
  int socket_ = -1;
  std::string received_;
};

}  // namespace exitgate::observe
