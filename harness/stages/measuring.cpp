#include "harness/stages/measuring.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/time.h"
#include "harness/record/run_record.h"
#include "harness/sensitivity/map.h"
#include "harness/sensitivity/measure.h"

namespace exitgate::stages {

namespace {

std::chrono::milliseconds time_for(const record::RunRecord& record) {
  constexpr std::int64_t kLeast = 150;
  const auto began = seconds_of_utc(record.started_at);
  const auto now = seconds_of_utc(utc_now());
  const std::int64_t seconds = began && now ? std::max<std::int64_t>(*now - *began, 0) : 0;
  return std::chrono::milliseconds(std::max(kLeast, seconds * 1000 / 8));
}

}  // namespace

std::vector<std::string> measure_sensitivity(const record::RunDirectory& run) {
  try {
    sensitivity::Budget budget;
    budget.time = time_for(record::read_record(run));
    budget.emptying = std::max<std::chrono::milliseconds>(std::chrono::seconds(3), budget.time);
    const auto measured = sensitivity::measure(run, check::find_check, budget);
    write_file(run.root / sensitivity::kFile, sensitivity::to_json(measured).dump(2) + "\n");
    return sensitivity::broken_gates(measured);
  } catch (const Error& error) {
    return {fmt::format("{} is missing: {}", sensitivity::kFile, error.what())};
  }
}

}  // namespace exitgate::stages
