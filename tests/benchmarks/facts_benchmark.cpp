// What a check spends: opening stores, evaluating, and the private copy that its counterexample changes.

#include <benchmark/benchmark.h>

#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/ci.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"

namespace exitgate {
namespace {

// A ci store with `jobs` jobs.
void make_store(const std::filesystem::path& folder, std::int64_t jobs) {
  facts::Store store(folder, "ci");
  for (std::int64_t i = 0; i < jobs; ++i) {
    store.insert(facts::ci::Job{.file = "ci.yml",
                                .id = "job" + std::to_string(i),
                                .line = i,
                                .name = "Job",
                                .on_pull_request = facts::ci::OnPullRequest::yes});
  }
  store.close();
}

void named_jobs(const Facts& facts, const check::Parameters& /*with*/, check::Report& report) {
  for (const ci::Job& job : facts.rows<ci::Job>()) {
    report.examined();
    if (!job.name) report.fail({job.id, job.file, job.line, "no name", ""});
  }
}

void evaluate_gate(benchmark::State& state) {
  const TemporaryDirectory folder("benchmark");
  make_store(folder.path(), state.range(0));
  const check::Check check{
      .name = "named", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = named_jobs};
  const verdict::Gate gate =
      verdict::gate_from_json({{"gate", "EG-B1.named"},
                               {"exit_gate", "EG-B1"},
                               {"exit_gate_title", ""},
                               {"title", ""},
                               {"check", "named"},
                               {"with", Json::object()},
                               {"labels", Json::array()},
                               {"counterexample", "UPDATE ci.job SET name = NULL WHERE id = 'job0'"},
                               {"waivers", Json::array()},
                               {"where", ""}});
  for (auto _ : state) {
    const auto verdict = evaluate(gate, check, {folder.path(), "2026-11-23"});
    if (verdict.status != verdict::Status::pass) state.SkipWithError(verdict.reason.c_str());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(evaluate_gate)->Arg(10)->Arg(1000)->Arg(100000)->Unit(benchmark::kMicrosecond);

void write_store(benchmark::State& state) {
  const TemporaryDirectory folder("benchmark");
  for (auto _ : state) make_store(folder.path(), state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(write_store)->Arg(10)->Arg(100000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace exitgate
