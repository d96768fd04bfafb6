#include "harness/collect/schema/parts.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/thread_group.h"
#include "harness/collect/schema/dump.h"
#include "harness/collect/schema/listing.h"

namespace exitgate::collect::schema {

namespace fs = std::filesystem;

std::vector<Part> missing_parts(const std::string& reason, bool with_log) {
  std::vector<Part> parts;
  for (const char* const name :
       {"schema-dump", "catalog", "migration-current", "migration-heads", "migration-history"}) {
    parts.push_back({.name = name, .problem = reason});
  }
  if (with_log) parts.push_back({.name = "migration-log", .problem = reason});
  return parts;
}

void describe_migrated(const DatabaseStage& stage, const database::ServerPrograms& programs,
                       const Server& server, const std::vector<Environment>& histories, Findings& findings) {
  const Snapshot& migrated = *findings.migrated.snapshot;
  std::vector<Part> answers;
  ThreadGroup asking;
  asking.start([&] {
    answers = ask_the_tool(stage, *findings.plan.database, server, migrated, histories, findings.replayed);
  });
  Dump dump = dump_schema(*server.cluster, programs, database::kDatabaseName);
  asking.join();
  Part part{.name = "schema-dump",
            .path = "schema/migrated.sql",
            .content = stage.redactor.redact(dump.text),
            .snapshot = "migrated",
            .repeated = dump.repeated,
            .problem = dump.problem};
  if (dump.problem) {
    // Of the dump alone: what the catalogs say was read.
    findings.problems.push_back({"schema-dump", *dump.problem, dump.hint});
    part.repeated = std::nullopt;
  }
  findings.parts.insert(findings.parts.end(), std::make_move_iterator(answers.begin()),
                        std::make_move_iterator(answers.end()));
  findings.parts.push_back(std::move(part));
  findings.parts.push_back({.name = "catalog",
                            .path = "schema/migrated.txt",
                            .content = listing_of(migrated, "migrated"),
                            .snapshot = "migrated"});
}

std::vector<Part> test_logs(const DatabaseStage& stage) {
  std::vector<Part> parts;
  for (const auto& log : stage.config.tests.logs) {
    Part part{.name = "test-log", .path = fmt::format("logs/tests/{}", log)};
    const fs::path relative = fs::path(log).lexically_normal();
    try {
      std::error_code ignored;
      const auto& work_tree = stage.checkout.repository.work_tree();
      if (relative.empty() || relative.is_absolute() || *relative.begin() == "..") {
        part.problem = fmt::format("{} leads out of the repository", log);
      } else if (work_tree && fs::is_regular_file(*work_tree / relative, ignored)) {
        part.content = stage.redactor.redact(read_file(*work_tree / relative));
      } else if (auto tracked = git::read_file_at(stage.checkout.repository, stage.checkout.commit, log)) {
        part.content = stage.redactor.redact(*tracked);
      } else {
        part.problem = fmt::format("{} is neither in the work tree nor at the commit", log);
      }
    } catch (const Error& problem) {
      part.problem = problem.what();
    }
    if (part.problem) part.path.clear();
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace exitgate::collect::schema
