// What collectors spend per byte: YAML, redaction, SHA-256.

#include <benchmark/benchmark.h>

#include <string>

#include "harness/digest/digest.h"
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

void redact_log(benchmark::State& state) {
  Redactor redactor;
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
  for (auto _ : state) benchmark::DoNotOptimize(sha256_hex(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(sha256)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace exitgate
