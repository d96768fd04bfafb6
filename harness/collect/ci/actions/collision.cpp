#include "harness/collect/ci/actions/collision.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/artifact_step.h"
#include "harness/collect/ci/actions/matrix.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Node;
using expression::NodeKind;
using expression::Value;

// Contexts that are the same in all combinations of a job.
bool same_in_all(const Node& node, const Dialect& dialect) {
  if (node.kind == NodeKind::name) {
    constexpr std::string_view kAlike[] = {"inputs", "vars", "secrets", "needs", "matrix"};
    const auto& run = dialect.run_contexts;
    if (std::find(std::begin(kAlike), std::end(kAlike), node.text) == std::end(kAlike) &&
        std::find(run.begin(), run.end(), node.text) == run.end()) {
      return false;
    }
  }
  return std::all_of(node.children.begin(), node.children.end(),
                     [&](const Node& child) { return same_in_all(child, dialect); });
}

bool names_matrix(const Node& node) {
  if (node.kind == NodeKind::name && node.text == "matrix") return true;
  return std::any_of(node.children.begin(), node.children.end(), names_matrix);
}

// Whether a condition may come out differently in the jobs of a matrix. (`success()` holds in all of them
// until something fails.)
bool varies(const Node& node, const Dialect& dialect) {
  if (node.kind == NodeKind::call && (node.text == "failure" || node.text == "cancelled")) return true;
  return names_matrix(node) || !same_in_all(node, dialect) ||
         std::any_of(node.children.begin(), node.children.end(),
                     [&](const Node& child) { return varies(child, dialect); });
}

// Stands for what is not known, but the same in all combinations.
constexpr char kSame = '\x1e';

std::string as_glob(std::string name) {
  std::replace(name.begin(), name.end(), kSame, '*');
  return name;
}

// The name in one combination as a glob: '*' for what is not known and may differ.
std::string name_in(const Node& node, const PartialContexts& contexts, const Dialect& dialect) {
  const Possible possible = expression::abstract(node, contexts);
  if (const Value* known = possible.known()) return known->as_text();
  if (node.kind == NodeKind::call && node.text == "format" && node.children[0].kind == NodeKind::literal) {
    const std::string pattern = node.children[0].value.as_text();
    std::string name;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const std::size_t close = pattern.find('}', i);
      std::size_t part = 0;
      const char* const text = pattern.data();
      if ((pattern[i] == '{' || pattern[i] == '}') && i + 1 < pattern.size() &&
          pattern[i + 1] == pattern[i]) {
        name += pattern[++i];
      } else if (pattern[i] != '{') {
        name += pattern[i];
      } else if (close == std::string::npos ||
                 std::from_chars(text + i + 1, text + close, part).ptr != text + close ||
                 part + 1 >= node.children.size()) {
        return "*";
      } else {
        name += name_in(node.children[part + 1], contexts, dialect);
        i = close;
      }
    }
    return name;
  }
  // Not known in this combination: the same as in the others only where no combination has a part in it.
  return !same_in_all(node, dialect) || names_matrix(node) ? "*" : std::string(1, kSame);
}

std::optional<bool> collides(const Step& step, const Matrix& matrix, const Dialect& dialect) {
  constexpr std::size_t kMostCompared = 64;
  const Artifact& artifact = *step.artifact;
  if (!matrix.given) return false;
  if (artifact.overwrite && lower(*artifact.overwrite) == "true") return false;
  const std::string ref = artifact.reference.ref.value_or("");
  if (ref.starts_with("v1") || ref.starts_with("v2") || ref.starts_with("v3")) return false;  // these merge
  if (!matrix.known || !artifact.full_name) return std::nullopt;
  try {
    const Node name = expression::read_template(*artifact.full_name);
    const expression::Condition condition = expression::read_condition(step.condition);
    std::set<std::string> names;
    bool undecided = false;
    for (const PartialObject& combination : matrix.combinations) {
      PartialContexts contexts;
      contexts.status = {Truth::yes, Truth::unknown, Truth::unknown};
      set(contexts.named, "matrix", Possible::object(combination));
      const Truth runs = expression::abstract(condition.tree, contexts).truth();
      if (runs == Truth::no) continue;
      const std::string one = name_in(name, contexts, dialect);
      if (names.insert(one).second) continue;
      const bool is_one = one.find('*') == std::string::npos;
      if (is_one && (runs == Truth::yes || !varies(condition.tree, dialect))) return true;
      undecided = true;
    }
    if (undecided) return std::nullopt;
    const std::vector<std::string> all(names.begin(), names.end());
    const bool any_glob = std::any_of(all.begin(), all.end(),
                                      [](const auto& one) { return one.find('*') != std::string::npos; });
    if (!any_glob) return false;
    if (all.size() > kMostCompared) return std::nullopt;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        // What is the same in all may be anything, and so make two names of different shapes equal.
        if (globs_meet(as_glob(all[i]), as_glob(all[j]))) return std::nullopt;
      }
    }
    return false;
  } catch (const expression::SyntaxError&) {
    return std::nullopt;
  }
}

}  // namespace

void find_collisions(Model& model, const Dialect& dialect) {
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != dialect.provider) continue;
    for (Job& job : workflow.jobs) {
      const bool uploads = std::any_of(job.steps.begin(), job.steps.end(), [](const Step& step) {
        return step.artifact != nullptr && step.artifact->is_upload();
      });
      if (!uploads) continue;
      const Matrix matrix = read_matrix(*job.node, {});
      for (Step& step : job.steps) {
        if (step.artifact != nullptr && step.artifact->is_upload()) {
          step.artifact->collides = collides(step, matrix, dialect);
        }
      }
    }
  }
}

}  // namespace exitgate::collect::ci::actions
