// Things that a database URL may lead to and that are not a working PostgreSQL server.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace exitgate::database {

// A port of this machine that is listened to, with nobody to talk.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(socket_, 8);
    socklen_t length = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }
  int accept() const { return ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); }
  // Whether somebody is waiting to be accepted, within the time.
  bool knocked(int milliseconds) const {
    pollfd polled{socket_, POLLIN, 0};
    return ::poll(&polled, 1, milliseconds) > 0;
  }

 private:
  int socket_;
  int port_ = 0;
};

// Answers every connection with the same bytes, as a web server would.
class Chatterer {
 public:
  explicit Chatterer(std::string answer) : answer_(std::move(answer)), thread_([this] { serve(); }) {}
  ~Chatterer() {
    stop_ = true;
    thread_.join();
  }
  Chatterer(const Chatterer&) = delete;
  Chatterer& operator=(const Chatterer&) = delete;
  int port() const { return listener_.port(); }

 private:
  void serve() {
    while (!stop_) {
      if (!listener_.knocked(20)) continue;
      const int client = listener_.accept();
      std::array<char, 512> request{};
      [[maybe_unused]] const ssize_t got = ::read(client, request.data(), request.size());
      [[maybe_unused]] const ssize_t put = ::write(client, answer_.data(), answer_.size());
      ::close(client);
    }
  }
  Listener listener_;
  std::string answer_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// Forwards one connection to a server's socket, each piece as `pass` leaves it, until it says no; then keeps
// everything to itself.
class Proxy {
 public:
  using Pass = std::function<bool(std::string& piece)>;
  Proxy(const std::filesystem::path& socket, Pass pass)
      : socket_(socket), pass_(std::move(pass)), thread_([this] { serve(); }) {}
  ~Proxy() {
    stop_ = true;
    thread_.join();
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  int port() const { return listener_.port(); }

  // Until a word goes by.
  static Pass until(const std::string& word) {
    return [word](const std::string& piece) { return piece.find(word) == std::string::npos; };
  }
  // With the first of these words as another one of its length.
  static Pass rewriting(const std::string& from, const std::string& to) {
    return [from, to, done = false](std::string& piece) mutable {
      const auto at = done ? std::string::npos : piece.find(from);
      if (at != std::string::npos) piece.replace(at, from.size(), to);
      done = done || at != std::string::npos;
      return true;
    };
  }

 private:
  void serve() {
    while (!stop_ && !listener_.knocked(20)) {
    }
    if (stop_) return;
    const int client = listener_.accept();
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address);
    bool stalled = false;
    while (!stop_) {
      std::array<pollfd, 2> polled{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
      if (::poll(polled.data(), polled.size(), 20) <= 0 || stalled) continue;
      std::array<char, 1 << 16> buffer{};
      for (int from = 0; from < 2 && !stalled; ++from) {
        if ((polled[static_cast<std::size_t>(from)].revents & POLLIN) == 0) continue;
        const ssize_t got = ::read(from == 0 ? client : server, buffer.data(), buffer.size());
        if (got <= 0) continue;
        std::string piece(buffer.data(), static_cast<std::size_t>(got));
        stalled = !pass_(piece);
        if (stalled) continue;
        [[maybe_unused]] const ssize_t put = ::write(from == 0 ? server : client, piece.data(), piece.size());
      }
    }
    ::close(client);
    ::close(server);
  }
  Listener listener_;
  std::filesystem::path socket_;
  Pass pass_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace exitgate::database
