// What is outside of a sandbox, for hostile commands to reach, and what became of it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace exitgate::sandbox {

// A socket that waits, and says whether somebody has come.
class Listener {
 public:
  enum class Kind { tcp, udp, abstract, path };
  // `at`: the address of the latter two.
  explicit Listener(Kind kind, const std::string& at = "");
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int port() const { return port_; }
  bool was_reached() const;

 private:
  Kind kind_;
  std::string path_;
  int socket_ = -1;
  int port_ = 0;
};

// A process that has the live database's URL in its environment and in its command line, as ours may have.
class Victim {
 public:
  explicit Victim(const std::string& url);
  ~Victim();
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  pid_t pid() const { return pid_; }
  bool is_alive() const;
  bool is_traced() const;

 private:
  pid_t pid_ = -1;
  mutable bool ended_ = false;
};

// The user's folders: beside the tests, since /tmp is hidden as a whole. Made once for the process, HOME and PATH in it.
struct Outside {
  std::filesystem::path folder;     // of all of it
  std::filesystem::path home;       // with keys and tools
  std::filesystem::path work;       // a work tree
  std::filesystem::path other_run;  // a folder of another run
  std::string secret;               // in every file that is nobody's business, and in the URL
  std::string url;                  // of a live database
};
const Outside& outside();

// Whether a process of this machine has these words in its command line, as "sleep 1000".
bool is_running(std::string_view words);

}  // namespace exitgate::sandbox
