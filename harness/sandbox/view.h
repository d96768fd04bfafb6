// Which files a contained program sees: everything read-only, apart from what is hidden and from its own folders.
//
// What holds the user's own things (home folders, /tmp, /run, /dev) is covered by folders of a file system in memory, in which
// only the tools that PATH names, or that are known by name, are shown again.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::sandbox {

struct Sight {
  std::filesystem::path folder;                 // of the run; nothing in it is seen but what follows
  std::vector<std::filesystem::path> writable;  // folders
  std::vector<std::filesystem::path> sockets;
  std::vector<std::pair<std::filesystem::path, std::string>> links;  // in the run's folder: where, to what
  std::vector<std::filesystem::path> programs;                       // folders shown wherever they are
};

// In the order in which a child does it, with system calls alone. Names in the memory's file system have no leading '/'.
struct View {
  struct Made {
    enum class Kind { folder, file, link } kind;
    std::string name;
    mode_t mode;
    std::string target;  // of a link
  };
  struct Cover {
    std::string name;  // of a folder in memory
    std::string at;    // what it covers
    bool writable;
  };
  struct Shown {
    std::string path;
    bool writable;
  };
  struct Hidden {
    std::string path;
    bool folder;
  };
  std::vector<Made> made;
  std::vector<Cover> covers;
  std::vector<Shown> shown;
  std::vector<Hidden> hidden;
};

// Names of the two things that stand for what is hidden.
inline constexpr const char* kNoFolder = "no-folder";
inline constexpr const char* kNoFile = "no-file";

View view_of(const Sight& sight);

}  // namespace exitgate::sandbox
