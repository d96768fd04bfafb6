// What changed between two runs: verdicts, findings, the schema, workflows and artifacts, the environment.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::archive {

// One thing that is not the same in both: `before` or `after` is empty where it is only in one.
struct Change {
  std::string what;  // "EG-CG1.retention", "table public.users", ".github/workflows/ci.yml"
  std::string before;
  std::string after;
};

struct DiffSection {
  std::string name;   // "gates", "findings", "schema", "migrations", "workflows", "artifacts", "tools",
                      // "packages", "variables"
  std::string title;  // "Gates"
  std::vector<Change> changes;
  std::string problem;  // why it could not be compared ("schema.db is missing"), else ""
};

struct Diff {
  struct Side {
    std::string name;  // of the archive or folder
    std::string id;    // run.json's
    std::string commit;
  } a, b;
  std::vector<DiffSection> sections;

  bool same() const;   // nothing differs and everything could be compared
  bool worse() const;  // a gate that passed does not any more
};

// Each may be an archive, a run directory or an unpacked bag. Throws UsageError, VerificationError.
Diff diff(const std::filesystem::path& a, const std::filesystem::path& b);

std::string render_text(const Diff& diff);
std::string render_markdown(const Diff& diff);
std::string render_json(const Diff& diff);

}  // namespace exitgate::archive
