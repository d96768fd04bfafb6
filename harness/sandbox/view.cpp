#include "harness/sandbox/view.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "harness/base/text.h"
#include "harness/sandbox/host_sockets.h"
#include "harness/sandbox/tools.h"

namespace exitgate::sandbox {

namespace {

namespace fs = std::filesystem;

// Of what is made in memory to hold what is shown.
constexpr mode_t kClosed = 0555;

bool is_within(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end() && rest != path.end();
}

std::string without_slash(const std::string& path) {
  return path.substr(path.find_first_not_of('/'));
}

struct Environment {
  std::set<fs::path> homes;
  std::vector<fs::path> tools;
  std::vector<fs::path> credentials;
};

// Reading it takes milliseconds, and a stairway asks hundreds of times.
const Environment& environment_once() {
  static const Environment read = [] {
    Environment fresh;
    const auto homes = home_folders();
    fresh.homes = {homes.begin(), homes.end()};
    fresh.tools = tool_folders();
    fresh.credentials = credentials(fresh.tools);
    return fresh;
  }();
  return read;
}

// Gathers what a view takes.
class Maker {
 public:
  explicit Maker(const Sight& sight) : sight_(sight) {}

  View make() {
    view_.made.push_back({View::Made::Kind::folder, kNoFolder, 0, ""});
    view_.made.push_back({View::Made::Kind::file, kNoFile, 0, ""});
    choose_covers();
    make_devices();
    std::set<fs::path> shown;
    for (const auto& folder : environment_once().tools) shown.insert(folder);
    for (const auto& folder : sight_.programs) shown.insert(folder);
    // Where /etc/resolv.conf leads to, and where NixOS has its programs.
    for (const char* const folder : {"/run/systemd/resolve", "/run/current-system"}) {
      std::error_code ignored;
      if (fs::is_directory(folder, ignored)) shown.insert(folder);
    }
    for (const auto& folder : shown) {
      // What no cover hides needs not be shown.
      if (covering(folder) != nullptr && covers_.count(folder) == 0) show(folder, false, true);
    }
    for (const auto& folder : sight_.writable) show(folder, true, true);
    for (const auto& socket : sight_.sockets) show(socket, true, false);
    for (const auto& [at, target] : sight_.links) {
      const fs::path* const cover = covering(at);
      if (cover == nullptr) continue;
      make_folder(*cover, at.parent_path(), kClosed);
      view_.made.push_back({View::Made::Kind::link, in_memory(*cover, at), 0, target});
    }
    hide();
    for (const auto& [folder, writable] : covers_)
      view_.covers.push_back({without_slash(folder.string()), folder.string(), writable});
    // What is below is mounted later; and in memory it is made later.
    std::stable_sort(view_.covers.begin(), view_.covers.end(),
                     [](const auto& left, const auto& right) { return left.at.size() < right.at.size(); });
    std::stable_sort(view_.shown.begin(), view_.shown.end(), [](const auto& left, const auto& right) {
      return left.path.size() < right.path.size();
    });
    return std::move(view_);
  }

 private:
  void choose_covers() {
    const auto cover = [&](const fs::path& folder, bool writable) {
      std::error_code ignored;
      if (fs::is_directory(fs::symlink_status(folder, ignored))) covers_[folder] = writable;
    };
    for (const auto& home : environment_once().homes) cover(home, false);
    for (const char* const folder : {"/run", "/var/run", "/dev"}) cover(folder, false);
    for (const char* const folder : {"/tmp", "/var/tmp"}) cover(folder, true);
    covers_["/dev/shm"] = true;
    if (covering(sight_.folder) == nullptr && !sight_.folder.empty()) {
      const bool own =
          std::find(sight_.writable.begin(), sight_.writable.end(), sight_.folder) != sight_.writable.end();
      if (!own) cover(sight_.folder, false);
    }
    for (const auto& [folder, writable] : covers_) {
      make_folder(folder, folder, writable ? 01777 : kClosed);
    }
  }

  void make_devices() {
    for (const char* const device : {"null", "zero", "full", "random", "urandom"}) {
      const fs::path path = fs::path("/dev") / device;
      std::error_code ignored;
      if (fs::exists(path, ignored)) show(path, true, false);
    }
    for (const auto& [name, target] :
         {std::pair{"fd", "/proc/self/fd"}, std::pair{"stdin", "/proc/self/fd/0"},
          std::pair{"stdout", "/proc/self/fd/1"}, std::pair{"stderr", "/proc/self/fd/2"}}) {
      view_.made.push_back({View::Made::Kind::link, std::string("dev/") + name, 0, target});
    }
  }

  // The nearest cover above a path.
  const fs::path* covering(const fs::path& path) const {
    const fs::path* nearest = nullptr;
    for (const auto& [folder, writable] : covers_) {
      if ((is_within(path, folder) || path == folder) &&
          (nearest == nullptr || folder.native().size() > nearest->native().size()))
        nearest = &folder;
    }
    return nearest;
  }

  // Each cover is a folder in memory of the same name.
  static std::string in_memory(const fs::path& cover, const fs::path& path) {
    return cover == path ? without_slash(path.string())
                         : without_slash(cover.string()) + "/" + path.lexically_relative(cover).string();
  }

  void make_folder(const fs::path& cover, const fs::path& path, mode_t mode) {
    const std::string name = in_memory(cover, path);
    // All the way down; what is there already stays.
    std::string part;
    for (const auto& piece : split(name, '/')) {
      part += part.empty() ? piece : "/" + piece;
      if (made_.insert(part).second)
        view_.made.push_back({View::Made::Kind::folder, part, part == name ? mode : kClosed, ""});
    }
  }

  void show(const fs::path& path, bool writable, bool folder) {
    // What is shown already shows what is in it.
    const fs::path* const cover = covering(path);
    const bool inside = std::any_of(view_.shown.begin(), view_.shown.end(), [&](const auto& other) {
      return is_within(path, other.path) && (cover == nullptr || !is_within(*cover, other.path));
    });
    if (inside && !writable) return;
    if (cover != nullptr && !inside) {
      if (folder) {
        make_folder(*cover, path, kClosed);
      } else {
        make_folder(*cover, path.parent_path(), kClosed);
        view_.made.push_back({View::Made::Kind::file, in_memory(*cover, path), 0644, ""});
      }
    }
    view_.shown.push_back({path.string(), writable});
  }

  void hide() {
    const auto& known = environment_once().credentials;
    std::set<fs::path> paths(known.begin(), known.end());
    // A socket can be connected to on a read-only file system as well.
    for (const auto& socket : host_sockets()) paths.insert(socket);
    // Where TMPDIR is a folder of its own, other runs have theirs beside ours.
    std::error_code unreadable;
    for (const auto& beside : fs::directory_iterator(sight_.folder.parent_path(), unreadable)) {
      if (beside.path().filename().string().rfind("exitgate-pg-", 0) == 0 && beside.path() != sight_.folder)
        paths.insert(beside.path());
    }
    for (const auto& path : paths) {
      const bool visible = covering(path) == nullptr ||
                           std::any_of(view_.shown.begin(), view_.shown.end(), [&](const auto& one) {
                             return !one.writable && is_within(path, one.path);
                           });
      std::error_code ignored;
      const auto state = fs::status(path, ignored);
      if (visible && fs::exists(state)) view_.hidden.push_back({path.string(), fs::is_directory(state)});
    }
  }

  const Sight& sight_;
  View view_;
  std::map<fs::path, bool> covers_;  // and whether it is writable
  std::set<std::string> made_;
};

}  // namespace

View view_of(const Sight& sight) {
  return Maker(sight).make();
}

}  // namespace exitgate::sandbox
