// What collectors spend per byte: YAML, redaction, SHA-256; and per expression.

#include <benchmark/benchmark.h>

#include <optional>
#include <string>

#include "harness/digest/digest.h"
#include "harness/expression/abstract.h"
#include "harness/expression/condition.h"
#include "harness/expression/evaluate.h"
#include "harness/redact/redactor.h"
#include "harness/yaml/yaml.h"

namespace exitgate {
namespace {

std::string workflow(int jobs) {
  std::string text = "name: CI\non: [push, pull_request]\njobs:\n";
  for (int i = 0; i < jobs; ++i) {
    text +=
        "  job" + std::to_string(i) +
        ":\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n      - name: Test\n"
        "        if: ${{ always() }}\n        run: |\n          make test\n          make report\n";
  }
  return text;
}

void parse_yaml(benchmark::State& state) {
  const auto text = workflow(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(yaml::parse(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_yaml)->Arg(10)->Arg(1000)->Unit(benchmark::kMicrosecond);

constexpr const char* kCondition =
    "always() && github.event_name == 'pull_request' && contains(github.event.labels.*.name, 'run') || "
    "startsWith(github.ref, format('refs/{0}/', 'tags'))";

void read_condition(benchmark::State& state) {
  const std::optional<std::string> text = kCondition;
  for (auto _ : state) benchmark::DoNotOptimize(expression::read_condition(text));
}
BENCHMARK(read_condition)->Unit(benchmark::kMicrosecond);

expression::Value github() {
  return *expression::from_json(
      R"({"event_name": "pull_request", "ref": "refs/pull/1/merge", "event": {"labels": [{"name": "x"}]}})");
}

void evaluate_condition(benchmark::State& state) {
  const auto condition = expression::read_condition(std::optional<std::string>(kCondition));
  expression::Contexts contexts;
  contexts.named.members.emplace_back("github", github());
  for (auto _ : state) benchmark::DoNotOptimize(expression::evaluate(condition.tree, contexts));
}
BENCHMARK(evaluate_condition)->Unit(benchmark::kMicrosecond);

void evaluate_partly_known(benchmark::State& state) {
  const auto condition = expression::read_condition(std::optional<std::string>(kCondition));
  expression::PartialContexts contexts;
  contexts.named.members["GITHUB"] = github();
  for (auto _ : state) benchmark::DoNotOptimize(expression::abstract(condition.tree, contexts).truth());
}
BENCHMARK(evaluate_partly_known)->Unit(benchmark::kMicrosecond);

void redact_log(benchmark::State& state) {
  redact::Redactor redactor;
  redactor.add_url("postgresql://app:correct-horse@db/app");
  std::string log;
  while (log.size() < 1U << 20)
    log += "INFO  [alembic.runtime.migration] Running upgrade 0001 -> 0002, add orders\n";
  for (auto _ : state) benchmark::DoNotOptimize(redactor.redact(log));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(log.size()));
}
BENCHMARK(redact_log)->Unit(benchmark::kMillisecond);

void sha256(benchmark::State& state) {
  const std::string bytes(1U << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(digest::sha256_hex(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(sha256)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace exitgate
