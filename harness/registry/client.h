// What pushing and pulling have in common: references to a registry's artifacts, and skopeo, which talks to registries.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/registry/registry.h"

namespace exitgate::registry {

inline constexpr std::chrono::seconds kQuestion{120};
inline constexpr std::chrono::hours kTransfer{6};

struct Reference {
  std::string name;    // "registry.example:5000/team/evidence"
  std::string tag;     // "" when none
  std::string digest;  // "sha256:…", "" when none

  std::string text() const {
    return name + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest);
  }
  std::string host() const { return name.substr(0, name.find('/')); }
};

bool is_tag(std::string_view text);

// Throws UsageError for what is not HOST/NAME:TAG or HOST/NAME@sha256:…
Reference parse_reference(std::string_view given);

// Runs skopeo and returns its output. Throws UsageError when it is not installed, Undecided for what it says, in our words
// where the reason is a usual one. `doing`: "push to", for the message.
std::string skopeo(const std::vector<std::string>& arguments, const RegistryOptions& options,
                   const Reference& reference, std::string_view doing, std::chrono::milliseconds limit);

// "--src-tls-verify=true"
std::string tls(const RegistryOptions& options, const char* option);

}  // namespace exitgate::registry
