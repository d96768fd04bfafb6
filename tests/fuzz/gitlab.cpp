// Any text is a GitLab configuration or has a problem, also when its include is the text itself; its
// conditions and durations are read without an end in between.
#include "harness/collect/ci/gitlab.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/ci/gitlab_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ci = exitgate::collect::ci;
  if (size > 1U << 14) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  ci::gitlab_condition(text);
  if (const auto days = ci::gitlab_days(text); days && *days < 0) __builtin_trap();
  // The first file, and another for whatever it includes: the second half of the text.
  const ci::ReadFile read = [&](const std::string& path) -> std::optional<std::string> {
    if (path == ci::kGitlabFile) return text;
    return path.size() % 3 == 0 ? std::nullopt : std::optional(text.substr(size / 2));
  };
  const ci::FindFiles find = [](const std::string&) { return std::vector<std::string>{"a.yml", "bb.yml"}; };
  ci::Model model;
  ci::Ways ways;
  std::vector<std::unique_ptr<exitgate::yaml::Node>> kept;
  ci::add_gitlab(model, ways, read, find, kept);
  if (model.workflows.empty()) __builtin_trap();
  return 0;
}
