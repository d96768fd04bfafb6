// Conditions under scenarios against GitHub's own evaluator: what it says is among what abstract() says, however the
// unknown parts turn out. Needs node and the package @actions/expressions, whose folder EXITGATE_ACTIONS_EXPRESSIONS names.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/expression/abstract.h"
#include "harness/expression/condition.h"
#include "harness/expression/evaluate.h"

namespace exitgate::expression {
namespace {

constexpr int kCases = 50'000;

class Cases {
 public:
  // An expression as conditions of jobs and steps have them.
  std::string expression(int depth = 0) {
    if (depth < 3 && one_of(5) < 2) {
      return fmt::format("({} {} {})", expression(depth + 1), pick({"&&", "||"}), expression(depth + 1));
    }
    if (one_of(6) == 0) return "!(" + expression(depth + 1) + ")";
    switch (one_of(7)) {
      case 0:
        return pick({"success()", "failure()", "cancelled()", "always()"});
      case 1:
        return fmt::format("{} {} {}", value(), pick({"==", "!="}), word());
      case 2:
        return fmt::format("contains(needs.*.result, {})", word());
      case 3:
        return fmt::format("contains(fromJSON('[\"success\", \"skipped\"]'), {})", value());
      case 4:
        return fmt::format("{}(github.ref, {})", pick({"startsWith", "endsWith", "contains"}),
                           pick({"'refs/pull/'", "'/merge'", "'refs/heads/'", "'x'"}));
      case 5:
        return fmt::format("join(needs.*.result, ',') {} 'success,{}'", pick({"==", "!="}),
                           pick({"success", "skipped"}));
      default:
        return value();
    }
  }

  // Contexts as a job sees them behind others, partly known, and one way in which they can turn out.
  void contexts(PartialContexts& partial, Contexts& whole) {
    PartialObject needs;
    needs.others = Possible();
    Object known_needs;
    for (const char* id : {"a", "b"}) {
      PartialObject need;
      need.others = Possible();
      Object known;
      add(need, known, "result", {"success", "failure", "cancelled", "skipped"});
      PartialObject outputs;
      Object known_outputs;
      if (one_of(2) == 0) {
        add(outputs, known_outputs, "run", {"true", "false", ""});
      } else {
        known_outputs.members.emplace_back("run", Value(pick({"true", "false"})));
      }
      need.members["OUTPUTS"] = Possible::object(std::move(outputs));
      known.members.emplace_back("outputs", Value(std::move(known_outputs)));
      needs.members[upper(id)] = Possible::object(std::move(need));
      known_needs.members.emplace_back(id, Value(std::move(known)));
    }
    PartialObject steps;
    steps.others = Possible();
    Object known_steps;
    PartialObject step;
    step.others = Possible();
    Object known_step;
    add(step, known_step, "outcome", {"success", "failure", "cancelled", "skipped"});
    add(step, known_step, "conclusion", {"success", "failure", "cancelled", "skipped"});
    steps.members["T"] = Possible::object(std::move(step));
    known_steps.members.emplace_back("t", Value(std::move(known_step)));
    PartialObject job;
    Object known_job;
    add(job, known_job, "status", {"success", "failure", "cancelled"});
    PartialObject github;
    Object known_github;
    add(github, known_github, "event_name", {"pull_request", "push"});
    github.members["REF"] = Possible::text("refs/pull/", "/merge");
    known_github.members.emplace_back("ref", Value("refs/pull/" + std::to_string(one_of(99)) + "/merge"));
    PartialObject vars;
    Object known_vars;
    known_vars.members.emplace_back("x", Value(pick({"", "1", "success"})));
    const auto put = [&](const char* name, PartialObject part, Object object) {
      partial.named.members[upper(name)] = Possible::object(std::move(part));
      whole.named.members.emplace_back(name, Value(std::move(object)));
    };
    put("needs", std::move(needs), std::move(known_needs));
    put("steps", std::move(steps), std::move(known_steps));
    put("job", std::move(job), std::move(known_job));
    put("github", std::move(github), std::move(known_github));
    put("vars", std::move(vars), std::move(known_vars));
    partial.named.others = Possible();
    const auto status = [&](Truth& truth, bool& known) {
      known = one_of(2) == 0;
      truth = one_of(3) == 0 ? Truth::unknown : truth_of(known);
    };
    status(partial.status.success, whole.status.success);
    status(partial.status.failure, whole.status.failure);
    status(partial.status.cancelled, whole.status.cancelled);
  }

 private:
  std::size_t one_of(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  std::string pick(const std::vector<std::string>& list) { return list[one_of(list.size())]; }
  std::string word() {
    return pick({"'success'", "'failure'", "'cancelled'", "'skipped'", "'SUCCESS'", "''", "null", "true"});
  }
  std::string value() {
    return pick({"needs.a.result", "needs.b.result", "needs['a'].result", "steps.t.outcome",
                 "steps.t.conclusion", "job.status", "github.event_name", "needs.a.outputs.run",
                 "needs.c.result", "vars.x", "steps.u.outcome"});
  }
  // A member that is one of the values: known, or one of several.
  void add(PartialObject& part, Object& object, const char* name, const std::vector<std::string>& values) {
    const std::string value = pick(values);
    object.members.emplace_back(name, Value(value));
    std::vector<Value> possible = {Value(value)};
    for (std::size_t more = one_of(3); more > 0; --more) possible.emplace_back(pick(values));
    part.members[upper(name)] = one_of(8) == 0 ? Possible::anything() : Possible::one_of(std::move(possible));
  }

  std::mt19937 random_{20261127};
};

TEST(ScenarioConformance, HoldsWhatGitHubsEvaluatorSays) {
  const char* const folder = std::getenv("EXITGATE_ACTIONS_EXPRESSIONS");
  if (folder == nullptr) {
    GTEST_SKIP() << fmt::format(
        "{} conditions were not tried with GitHub's own evaluator: set EXITGATE_ACTIONS_EXPRESSIONS to "
        "the folder of the npm package @actions/expressions",
        kCases);
  }
  Cases cases;
  std::vector<std::pair<std::string, Truth>> all;
  std::string lines;
  for (int i = 0; i < kCases; ++i) {
    const std::string expression = cases.expression();
    PartialContexts partial;
    Contexts whole;
    cases.contexts(partial, whole);
    all.emplace_back(expression, abstract(parse(expression), partial).truth());
    const auto flag = [](bool value) { return value ? "true" : "false"; };
    std::string contexts = to_json(Value(whole.named));
    std::erase(contexts, '\n');
    lines += fmt::format("[{},{},{{\"success\":{},\"failure\":{},\"cancelled\":{}}}]\n",
                         to_json(Value(expression)), contexts, flag(whole.status.success),
                         flag(whole.status.failure), flag(whole.status.cancelled));
  }
  const TemporaryDirectory temporary;
  write_file(temporary.path() / "cases", lines);
  const auto script =
      std::filesystem::path(EXITGATE_SOURCE_DIR) / "tests/expression/scenario_conformance.mjs";
  const ProcessResult finished =
      run(Command{.arguments = {"node", script.string(), folder, (temporary.path() / "cases").string()}});
  ASSERT_TRUE(finished.ok()) << finished.error;
  ASSERT_EQ(finished.output.size(), all.size());
  int decided = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [expression, truth] = all[i];
    ASSERT_NE(finished.output[i], 'e') << expression;
    if (truth == Truth::unknown) continue;
    ++decided;
    EXPECT_EQ(finished.output[i] == '1', truth == Truth::yes) << expression;
  }
  EXPECT_GT(decided, kCases / 4);
}

}  // namespace
}  // namespace exitgate::expression
