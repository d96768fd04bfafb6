#include "harness/collect/schema/round_trip.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::schema {

namespace {

Snapshot snapshot_of(database::Cluster& cluster) {
  return take_snapshot(*cluster.connect(database::kDatabaseName, database::Cluster::administrator(), true));
}

// Whether an object is the tool's own bookkeeping.
bool keeps(const collect::Tool& tool, const Difference& difference) {
  const auto& identity = difference.identity;
  const bool in_schema = std::any_of(
      tool.schemas.begin(), tool.schemas.end(),
      [&](const std::string& schema) { return identity == schema || identity.starts_with(schema + "."); });
  if (in_schema) return true;
  // Names with capitals are quoted in identities.
  const std::string name = identity.substr(identity.rfind('.') + 1);
  return difference.kind == "table" &&
         std::any_of(tool.tables.begin(), tool.tables.end(),
                     [&](const std::string& table) { return name == table || name == '"' + table + '"'; });
}

bool succeeded(const std::vector<database::StepResult>& results) {
  return !results.empty() && results.back().ok();
}

}  // namespace

void leave_out_version_tables(std::vector<Difference>& differences) {
  std::erase_if(differences, [](const Difference& difference) {
    if (difference.change != Change::added) return false;
    return std::any_of(collect::all_tools().begin(), collect::all_tools().end(),
                       [&](const collect::Tool& tool) { return keeps(tool, difference); });
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
