#include "harness/collect/ci/collect.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/context.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/reachability.h"
#include "harness/collect/ci/reader.h"
#include "harness/collect/ci/write.h"

namespace exitgate::collect {

namespace {

constexpr std::string_view kWorkflows = ".github/workflows/";

// GitHub reads workflows directly in the folder only, and by these two endings.
bool is_workflow(std::string_view path) {
  if (!path.starts_with(kWorkflows)) return false;
  const std::string_view name = path.substr(kWorkflows.size());
  return name.find('/') == std::string_view::npos && (name.ends_with(".yml") || name.ends_with(".yaml"));
}

bool is_action(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return (name == "action.yml" || name == "action.yaml") && !is_workflow(path);
}

// The blob's text, or nullopt with file.problem set.
std::optional<std::string> read_blob(git::Objects& objects, const git::TreeEntry& entry, ci::File& file) {
  if (entry.mode == "120000") {
    file.problem = "a symbolic link, which is not followed";
    return std::nullopt;
  }
  if (entry.type != "blob") {
    file.problem = "a submodule, not a file";
    return std::nullopt;
  }
  auto object = objects.read(entry.oid);
  if (!object || object->type != "blob") {
    file.problem = fmt::format("blob {} is missing from the clone", entry.oid);
    return std::nullopt;
  }
  return std::move(object->content);
}

// "owner/name" as the clone's remotes tell it: what origin says, else what all others agree on.
std::optional<std::string> repository_name(const git::Repository& repository) {
  const Finished listed = repository.run({"config", "--get-regexp", "^remote\\..*\\.url$"});
  std::optional<std::string> agreed;
  bool agree = true;
  for (const std::string& line : split(listed.output, '\n')) {
    const auto name = ci::repository_of(line);
    if (!name) continue;
    if (line.starts_with("remote.origin.url ")) return name;
    agree = agree && (!agreed || lower(*agreed) == lower(*name));
    agreed = name;
  }
  return agree ? agreed : std::nullopt;
}

}  // namespace

void collect_ci(const Checkout& checkout, const std::filesystem::path& out) {
  git::Objects objects(checkout.repository);
  ci::Model model;
  for (const git::TreeEntry& entry : checkout.tree) {
    if (is_workflow(entry.path)) {
      ci::Workflow& workflow = model.workflows.emplace_back();
      workflow.path = entry.path;
      workflow.oid = entry.oid;
      if (const auto text = read_blob(objects, entry, workflow)) ci::read_workflow(*text, workflow);
    } else if (is_action(entry.path)) {
      ci::Action& action = model.actions.emplace_back();
      action.path = entry.path;
      action.oid = entry.oid;
      if (const auto text = read_blob(objects, entry, action)) ci::read_action(*text, action);
    }
  }
  const ci::Calls calls(model);
  const ci::Ways ways = calls.ways();
  ci::reach(model, calls, ways, repository_name(checkout.repository));
  ci::write(model, ways, out);
}

}  // namespace exitgate::collect
