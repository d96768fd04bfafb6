// Any text is a workflow, and an action, or has a problem; what a pull request does with it is decided all
// the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/collision.h"
#include "harness/collect/ci/match.h"
#include "harness/collect/ci/reachability.h"
#include "harness/collect/ci/reader.h"
#include "harness/collect/ci/refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ci = exitgate::collect::ci;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 1U << 16) return 0;
  ci::Model model;
  model.workflows.resize(1);
  model.workflows[0].path = ".github/workflows/ci.yml";
  ci::read_workflow(text, model.workflows[0]);
  model.actions.resize(1);
  model.actions[0].path = "action.yml";
  ci::read_action(text, model.actions[0]);
  const ci::Calls calls(model);
  ci::refuse_calls(model, calls);
  ci::reach(model, calls, calls.ways(), "owner/name");
  ci::find_collisions(model);
  ci::match_artifacts(model, calls);
  return 0;
}
