#include "harness/collect/schema/round_trip.h"

#include <utility>

#include "harness/base/text.h"
#include "harness/collect/schema/tool_tables.h"

namespace exitgate::collect::schema {

namespace {

Snapshot snapshot_of(database::Cluster& cluster) {
  return take_snapshot(*cluster.connect(database::kDatabaseName, database::Cluster::administrator(), true));
}

bool succeeded(const std::vector<database::StepResult>& results) {
  return !results.empty() && results.back().ok();
}

}  // namespace

void leave_out_version_tables(std::vector<Difference>& differences) {
  const auto& tables = all_tool_tables();
  std::erase_if(differences, [&](const Difference& difference) {
    return difference.change == Change::added &&
           (tables.has_schema_of(difference.identity) ||
            (difference.kind == "table" && tables.has(difference.identity)));
  });
}

std::string error_line(const std::string& output) {
  std::string last;
  std::string error;
  for (const auto& line : split(output, '\n')) {
    const std::string_view text = trim(line);
    if (text.empty()) continue;
    last = text;
    // Tracebacks indent their frames; the error itself stands at the margin.
    const bool at_margin = line.front() != ' ';
    const bool looks_like_one = text.find("Error: ") != std::string_view::npos ||
                                text.find("ERROR: ") != std::string_view::npos ||
                                text.find("Exception: ") != std::string_view::npos ||
                                text.find("psycopg2.errors.") != std::string_view::npos ||
                                text.find("asyncpg.exceptions.") != std::string_view::npos;
    if (at_margin && looks_like_one) error = text;
  }
  return error.empty() ? last : error;
}

std::string failing_revision(const std::string& output) {
  std::string revision;
  for (const std::string_view word : {"Running downgrade ", "Running upgrade "}) {
    const std::size_t at = output.rfind(word);
    if (at == std::string::npos) continue;
    const std::size_t start = at + word.size();
    const std::size_t end = output.find_first_of(",\n", start);
    revision = trim(std::string_view(output).substr(start, end == std::string::npos ? end : end - start));
    break;
  }
  return revision;
}

RoundTrip make_round_trip(database::Cluster& cluster, const database::Provisioning& provisioning,
                          const config::Database& declared, const Snapshot& empty, const Snapshot& migrated) {
  RoundTrip trip;
  trip.down = provisioning.run_all(declared.down);
  if (!succeeded(trip.down)) return trip;
  trip.left_behind = compare(empty.objects, snapshot_of(cluster).objects).differences;
  leave_out_version_tables(trip.left_behind);
  trip.up = provisioning.run_all(declared.steps);
  if (!succeeded(trip.up)) return trip;
  trip.changed = compare(migrated.objects, snapshot_of(cluster).objects).differences;
  return trip;
}

}  // namespace exitgate::collect::schema
