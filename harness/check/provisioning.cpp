#include "harness/check/provisioning.h"

#include <fmt/core.h>

#include "harness/facts/tables/schema.h"

namespace exitgate::check {

bool has_no_plan(const Facts& facts) {
  return facts.text("SELECT source FROM schema.plan") == "none";
}

void skip_without_plan(const Facts& facts, Report& report) {
  const auto plan = facts.row<schema::Plan>();
  if (!plan) return report.skip("no database was provisioned");
  if (plan->no_database) return report.skip(plan->reason);
  report.skip(fmt::format("no database was provisioned: {}", plan->reason),
              "write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none");
}

}  // namespace exitgate::check
