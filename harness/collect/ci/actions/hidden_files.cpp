#include "harness/collect/ci/actions/hidden_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "harness/base/text.h"

namespace exitgate::collect::ci::actions {

namespace {

// The commits of releases that take hidden files along and that GitHub still serves: v4.0.0 to v4.3.6 of upload-artifact,
// v3.0.0 and v3.0.1 of upload-pages-artifact.
constexpr std::array<std::string_view, 12> kOld = {
    "c7d193f32edcb7bfad88892161225aeda64e9392", "1eb3cb2b3e0f29609092a73eb033bb759a334595",
    "694cdabd8bdb0f10b2cea11669e1bf5453eed0a6", "26f96dfa697d77e81fd5907df203aa23a56210a8",
    "5d5d22a31266ced268374888b861e4b58bb5c2f3", "1746f4ab65b179e0ea60a494b83293b640dd5bba",
    "65462800fd760344b1a7b4382951275a0abb4808", "0b2256b8c012f0828dc542b3febcab082c67f72b",
    "89ef406dd8d7e03cfd12d9e0a4a378f454709029", "834a144ee995460fba8ed112a2fc961b36a5ec5a",
    "0252fc4ba7626f0298f0cf00902a25c6afc77fa8", "56afc609e74202658d3ffba0e8f6dda462b719fa",
};

struct Version {
  int major = 0;
  int minor = -1;  // not given: the latest of its major version
};

std::optional<Version> version_of(std::string_view ref) {
  if (ref.starts_with('v')) ref.remove_prefix(1);
  Version version;
  const char* const last = ref.data() + ref.size();
  const auto [end, error] = std::from_chars(ref.data(), last, version.major);
  if (error != std::errc()) return std::nullopt;
  if (end != last && *end == '.') std::from_chars(end + 1, last, version.minor);
  return version;
}

}  // namespace

std::optional<bool> takes_hidden_files(const ActionReference& reference,
                                       const std::optional<std::string>& asked) {
  if (asked && lower(*asked) == "true") return true;
  bool left_out = true;
  if (reference.pin == facts::ci::Pin::sha) {
    left_out = std::find(kOld.begin(), kOld.end(), reference.ref.value_or("")) == kOld.end();
  } else if (const auto version = version_of(reference.ref.value_or(""))) {
    if (lower(reference.action).ends_with("/upload-pages-artifact")) {
      left_out = version->major >= 4;
    } else {
      // Since v4.4, and v3.2 for those who still serve it.
      left_out = version->major > 4 || (version->major == 4 && (version->minor < 0 || version->minor >= 4)) ||
                 (version->major == 3 && version->minor >= 2);
    }
  }
  if (left_out && asked && asked->find("${{") != std::string::npos) return std::nullopt;
  return !left_out;
}

}  // namespace exitgate::collect::ci::actions
