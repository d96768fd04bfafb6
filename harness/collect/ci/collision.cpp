#include "harness/collect/ci/collision.h"

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/ci/artifact.h"
#include "harness/collect/ci/matrix.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci {

namespace {

using expression::Node;
using expression::NodeKind;
using expression::Value;

// Contexts that are the same in all combinations of a job.
bool same_in_all(const Node& node) {
  if (node.kind == NodeKind::name) {
    constexpr std::string_view kSame[] = {"github", "inputs", "vars", "secrets", "needs", "matrix"};
    if (std::find(std::begin(kSame), std::end(kSame), node.text) == std::end(kSame)) return false;
  }
  return std::all_of(node.children.begin(), node.children.end(), same_in_all);
}

bool names_matrix(const Node& node) {
  if (node.kind == NodeKind::name && node.text == "matrix") return true;
  return std::any_of(node.children.begin(), node.children.end(), names_matrix);
}

// The name in one combination, with what is not known but the same in all left as a mark; nullopt when it may
// differ.
std::optional<std::string> name_in(const Node& node, const PartialContexts& contexts) {
  const Possible possible = expression::abstract(node, contexts);
  if (const Value* known = possible.known()) return known->as_text();
  if (node.kind == NodeKind::call && node.text == "format" && node.children[0].kind == NodeKind::literal) {
    std::string name = node.children[0].value.as_text();
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const auto part = name_in(node.children[i], contexts);
      if (!part) return std::nullopt;
      name += '\x1f' + *part;
    }
    return name;
  }
  // Not known in this combination: the same as in the others only where no combination has a part in it.
  if (!same_in_all(node) || names_matrix(node)) return std::nullopt;
  return "\x1e";
}

std::optional<bool> collides(const Step& step, const Matrix& matrix) {
  const Artifact& artifact = *step.artifact;
  if (!matrix.given) return false;
  if (artifact.overwrite && lower(*artifact.overwrite) == "true") return false;
  const std::string ref = artifact.reference.ref.value_or("");
  if (ref.starts_with("v1") || ref.starts_with("v2") || ref.starts_with("v3")) return false;  // these merge
  if (!matrix.known) return std::nullopt;
  try {
    const Node name = expression::read_template(artifact.name.value_or(*artifact.name_pattern));
    const expression::Condition condition = expression::read_condition(step.condition);
    std::set<std::string> names;
    bool undecided = false;
    for (const PartialObject& combination : matrix.combinations) {
      PartialContexts contexts;
      set(contexts.named, "matrix", Possible::object(combination));
      const Truth runs = expression::abstract(condition.tree, contexts).truth();
      if (runs == Truth::no) continue;
      const auto one = name_in(name, contexts);
      if (!one) {
        undecided = true;
      } else if (!names.insert(*one).second) {
        if (runs == Truth::yes || !names_matrix(condition.tree)) return true;
        undecided = true;
      }
    }
    if (undecided) return std::nullopt;
    return false;
  } catch (const expression::SyntaxError&) {
    return std::nullopt;
  }
}

}  // namespace

void find_collisions(Model& model) {
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != "github") continue;
    for (Job& job : workflow.jobs) {
      const bool uploads = std::any_of(job.steps.begin(), job.steps.end(), [](const Step& step) {
        return step.artifact != nullptr && step.artifact->direction == "upload";
      });
      if (!uploads) continue;
      const Matrix matrix = read_matrix(*job.node, {});
      for (Step& step : job.steps) {
        if (step.artifact != nullptr && step.artifact->direction == "upload") {
          step.artifact->collides = collides(step, matrix);
        }
      }
    }
  }
}

}  // namespace exitgate::collect::ci
