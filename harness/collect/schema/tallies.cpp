#include "harness/collect/schema/tallies.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/facts/tables/schema.h"

namespace exitgate::collect::schema {

namespace {

class Tallies {
 public:
  explicit Tallies(facts::Store& store) : store_(store) {}

  void add(std::string fact, std::string condition, std::size_t rows, std::string method) {
    store_.insert(facts::schema::Tally{.fact = std::move(fact),
                                       .condition = std::move(condition),
                                       .rows = static_cast<std::int64_t>(rows),
                                       .method = std::move(method)});
  }

  void reading(const Reading& reading, const Plan& plan) {
    if (!reading.snapshot) return;
    const auto of_name = fmt::format(R"({{"name": "{}"}})", reading.name);
    const auto of_snapshot = fmt::format(R"({{"snapshot": "{}"}})", reading.name);
    add("schema.snapshot", of_name, 1, "the databases that were read");
    const bool provisioned = reading.name == "migrated" || reading.name == "migrated-again";
    if (provisioned && plan.database) {
      add("schema.provisioning", of_snapshot, plan.database->steps.size(), "the steps of the plan");
    }
    for (const auto& count : reading.snapshot->counts) {
      const auto condition =
          count.kind.empty() ? of_snapshot
                             : fmt::format(R"({{"snapshot": "{}", "kind": "{}"}})", reading.name, count.kind);
      add(count.kind.empty() ? "schema.sequence" : "schema.object", condition, count.rows,
          fmt::format("the catalog's own count, {}", count.catalog));
    }
  }

 private:
  facts::Store& store_;
};

bool all_ok(const std::vector<database::StepResult>& steps) {
  return std::all_of(steps.begin(), steps.end(), [](const auto& step) { return step.outcome == "ok"; });
}

}  // namespace

void write_tallies(facts::Store& store, const Findings& findings) {
  Tallies tallies(store);
  for (const Reading* const reading :
       {&findings.migrated, &findings.again, &findings.live, &findings.committed}) {
    tallies.reading(*reading, findings.plan);
  }
  const auto& trip = findings.round_trip;
  if (trip && findings.plan.database && all_ok(trip->down) && all_ok(trip->up)) {
    const auto& plan = *findings.plan.database;
    tallies.add("schema.round_trip", R"({"direction": "down"})", plan.down.size(),
                "the commands of the way down");
    tallies.add("schema.round_trip", R"({"direction": "up"})", plan.steps.size(), "the steps of the plan");
  }
  const bool walked = std::all_of(
      findings.stairway.begin(), findings.stairway.end(),
      [](const StairResult& stair) { return stair.outcome == "ok" || stair.outcome == "not tried"; });
  if (findings.revisions > 0 && walked) {
    tallies.add("schema.stairway", "{}", findings.revisions, "the revisions of the history");
  }
  if (!findings.model_checks.empty() && findings.plan.database) {
    tallies.add("schema.model_check", "{}", findings.plan.database->models.size(), "the declared commands");
  }
  if (const auto runs = findings.declared_tests; runs > 0) {
    tallies.add("schema.test_run", R"({"combination": "head"})", runs, "the declared commands");
  }
}

}  // namespace exitgate::collect::schema
