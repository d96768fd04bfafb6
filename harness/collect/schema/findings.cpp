#include "harness/collect/schema/findings.h"

#include <fmt/core.h>

#include <filesystem>
#include <utility>

#include "harness/base/error.h"
#include "harness/digest/digest.h"

namespace exitgate::collect::schema {

void mask(Snapshot& snapshot, const redact::Redactor& redactor) {
  bool changed = false;
  for (auto& object : snapshot.objects) {
    std::size_t masked = 0;
    std::string text = redactor.redact(object.definition, &masked);
    if (masked == 0) continue;
    object.definition = std::move(text);
    object.sha256 = digest::sha256_hex(object.definition);
    changed = true;
  }
  for (auto& one : snapshot.server_objects) one.definition = redactor.redact(one.definition);
  if (!changed) return;
  snapshot.fingerprint = fingerprint_of(snapshot.objects);
  snapshot.structure = fingerprint_of(snapshot.objects, {"owner", "grant", "comment"});
}

database::StepResult not_run(const std::string& reason) {
  database::StepResult result;
  result.outcome = "not run: " + reason;
  return result;
}

bool was_run(const database::StepResult& result) {
  return !result.outcome.starts_with("not run: ");
}

Problem current_problem(std::optional<std::string> snapshot) {
  try {
    throw;
  } catch (const Error& problem) {
    return {std::move(snapshot), problem.what(), problem.hint()};
  } catch (const std::filesystem::filesystem_error& problem) {
    return {std::move(snapshot), fmt::format("{}: {}", problem.path1().string(), problem.code().message()),
            "is there room, and may it be written to? TMPDIR names another folder for temporary files"};
  } catch (const std::exception& problem) {
    return {std::move(snapshot), fmt::format("internal fault: {}", problem.what()), ""};
  }
}

}  // namespace exitgate::collect::schema
