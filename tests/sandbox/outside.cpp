#include "outside.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace exitgate::sandbox {

namespace fs = std::filesystem;

Listener::Listener(Kind kind, const std::string& at) : kind_(kind) {
  const bool internet = kind == Kind::tcp || kind == Kind::udp;
  const int type = kind == Kind::udp ? SOCK_DGRAM : SOCK_STREAM;
  socket_ = ::socket(internet ? AF_INET : AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (internet) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  } else {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t start = kind == Kind::abstract ? 1 : 0;
    EXPECT_LT(at.size() + start, sizeof address.sun_path);
    std::memcpy(address.sun_path + start, at.data(), at.size());
    if (kind == Kind::path) path_ = at;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + start + at.size())),
              0);
  }
  if (type == SOCK_STREAM) {
    EXPECT_EQ(::listen(socket_, 8), 0);
  }
}

Listener::~Listener() {
  ::close(socket_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

bool Listener::was_reached() const {
  if (kind_ == Kind::udp) {
    char byte = 0;
    return ::recv(socket_, &byte, 1, 0) >= 0;
  }
  const int accepted = ::accept(socket_, nullptr, nullptr);
  if (accepted >= 0) ::close(accepted);
  return accepted >= 0;
}

Victim::Victim(const std::string& url) {
  const std::string variable = "EXITGATE_DATABASE=" + url;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char* const with_url[] = {"sh",         "-c",        "while :; do sleep 1; done",
                                    "--database", url.c_str(), nullptr};
    const char* const environment[] = {variable.c_str(), "PATH=/usr/bin:/bin", nullptr};
    ::execve("/bin/sh", const_cast<char**>(with_url), const_cast<char**>(environment));
    ::_exit(127);
  }
  EXPECT_GT(pid_, 0);
  // Until then it is a copy of ours, and shows our own words.
  const auto command_line = "/proc/" + std::to_string(pid_) + "/cmdline";
  for (int tried = 0; tried < 10'000 && read_file(command_line).find(url) == std::string::npos; ++tried)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

Victim::~Victim() {
  if (!is_alive()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Victim::is_alive() const {
  if (!ended_ && ::waitpid(pid_, nullptr, WNOHANG) == pid_) ended_ = true;
  return !ended_;
}

bool Victim::is_traced() const {
  return read_file(fmt::format("/proc/{}/status", pid_)).find("\nTracerPid:\t0\n") == std::string::npos;
}

namespace {

void write_secrets(const Outside& outside) {
  const std::string line = outside.secret + "\n";
  for (const char* const name :
       {".ssh/id_ed25519", ".pgpass", ".netrc", ".aws/credentials", ".docker/config.json",
        ".config/gh/hosts.yml", ".kube/config", ".git-credentials", ".npmrc", ".m2/settings.xml",
        ".cargo/credentials.toml", ".gradle/gradle.properties", ".local/share/keyrings/login.keyring",
        "notes.txt"}) {
    make_directories((outside.home / name).parent_path());
    write_file(outside.home / name, line);
    fs::permissions(outside.home / name, fs::perms(0600));
  }
  make_directories(outside.work);
  write_file(outside.work / "README.md", "a work tree\n");
  make_directories(outside.other_run);
  write_file(outside.other_run / "password", line);
}

void write_tools(const fs::path& home) {
  const auto program = [](const fs::path& file, const std::string& says) {
    make_directories(file.parent_path());
    write_file(file, "#!/bin/sh\necho " + says + "\n");
    fs::permissions(file, fs::perms(0755));
  };
  program(home / ".nvm/versions/node/v20.0.0/bin/our-node", "node of nvm");
  program(home / ".local/share/pipx/venvs/our-tool/bin/our-tool", "tool of pipx");
  make_directories(home / ".local/bin");
  fs::create_symlink(home / ".local/share/pipx/venvs/our-tool/bin/our-tool", home / ".local/bin/our-tool");
  program(home / "elsewhere/env/bin/our-python", "$(cat $(dirname $0)/../lib/module)");
  make_directories(home / "elsewhere/env/lib");
  write_file(home / "elsewhere/env/lib/module", "module of a virtual environment\n");
  write_file(home / "elsewhere/env/pyvenv.cfg", "home = /usr/bin\n");
}

class Made {
 public:
  Made() {
    auto& o = outside_;
    o.folder = fs::current_path() / fmt::format("outside-{}", ::getpid());
    fs::remove_all(o.folder);
    o.home = o.folder / "home";
    o.work = o.folder / "work";
    o.other_run = fs::path("/tmp") / fmt::format("exitgate-pg-other-{}", ::getpid());
    o.secret = fmt::format("geheim-{}-wort", ::getpid());
    o.url = fmt::format("postgresql://user:{}@db.example/live", o.secret);
    write_secrets(o);
    write_tools(o.home);
    const char* const path = std::getenv("PATH");
    ::setenv("PATH",
             fmt::format("{0}/.nvm/versions/node/v20.0.0/bin:{0}/.local/bin:{0}/elsewhere/env/bin:{1}",
                         o.home.string(), path == nullptr ? "/usr/bin:/bin" : path)
                 .c_str(),
             1);
    ::setenv("HOME", o.home.c_str(), 1);
    ::setenv("EXITGATE_DATABASE", o.url.c_str(), 1);
  }
  ~Made() {
    std::error_code ignored;
    fs::remove_all(outside_.folder, ignored);
    fs::remove_all(outside_.other_run, ignored);
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  const Outside& get() const { return outside_; }

 private:
  Outside outside_;
};

}  // namespace

const Outside& outside() {
  static const Made made;
  return made.get();
}

bool is_running(std::string_view words) {
  std::string wanted(words);
  std::replace(wanted.begin(), wanted.end(), ' ', '\0');
  for (const auto& entry : fs::directory_iterator("/proc")) {
    try {
      if (read_file(entry.path() / "cmdline").find(wanted) != std::string::npos) return true;
    } catch (const Undecided&) {
      // Not a process, or one that has just ended.
    }
  }
  return false;
}

}  // namespace exitgate::sandbox
