// Any text is a workflow, and an action, or has a problem; what a pull request does with it is decided all the same.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/collect/ci/github/provider.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ci = exitgate::collect::ci;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 1U << 16) return 0;
  const ci::Provider& provider = ci::github::provider();
  ci::Model model;
  ci::Workflow& workflow = model.workflows.emplace_back();
  workflow.path = ".github/workflows/ci.yml";
  workflow.provider = provider.record().name;
  provider.read(text, workflow);
  ci::Action& action = model.actions.emplace_back();
  action.path = "action.yml";
  provider.read(text, action);
  ci::Source source;
  source.remotes = [] { return std::vector<ci::Remote>{{"origin", "https://github.com/owner/name"}}; };
  ci::CallChains chains;
  provider.complete(source, model, chains);
  return 0;
}
