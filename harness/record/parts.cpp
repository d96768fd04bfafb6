#include "harness/record/parts.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/digest/digest.h"
#include "harness/facts/facts.h"
#include "harness/record/names.h"
#include "harness/record/run_directory.h"

namespace exitgate::record {

namespace fs = std::filesystem;

std::vector<PayloadFile> payload_of(const fs::path& run, const std::vector<std::string>& members,
                                    std::vector<Unsealable>* left_out) {
  std::error_code failed;
  if (!fs::is_directory(run, failed)) {
    throw UsageError(fmt::format("{} is not a run directory", run.string()),
                     "give the folder that `exitgate run --out` wrote");
  }
  std::vector<PayloadFile> files;
  std::vector<fs::path> folders = {run};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    fs::directory_iterator at(folder, failed);
    for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
      const auto status = at->symlink_status(failed);
      if (failed) break;
      const std::string path =
          fs::path(at->path().string().substr(run.string().size())).relative_path().generic_string();
      const bool wanted = folder != run || members.empty() ||
                          std::find(members.begin(), members.end(), path) != members.end();
      if (!wanted) continue;
      if (fs::is_directory(status)) {
        folders.push_back(at->path());
      } else if (fs::is_regular_file(status)) {
        files.push_back({path, at->file_size()});
      } else {
        throw Undecided(fmt::format("{} is {}: only regular files can be sealed", path,
                                    fs::is_symlink(status) ? "a symbolic link" : "not a regular file"),
                        "take it out of the run directory");
      }
    }
    if (failed) throw Undecided(fmt::format("cannot read {}: {}", folder.string(), failed.message()));
  }
  std::sort(files.begin(), files.end(),
            [](const PayloadFile& a, const PayloadFile& b) { return a.path < b.path; });
  // From the end: what the run itself writes is in lower case and composed, which comes after its other spellings.
  NameSet names;
  std::vector<PayloadFile> sealable;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    std::string problem = name_problem(file->path);
    if (problem.empty()) problem = names.add(file->path);
    if (problem.empty()) {
      sealable.push_back(std::move(*file));
    } else if (left_out != nullptr) {
      left_out->push_back({printable_name(file->path), std::move(problem)});
    }
  }
  std::reverse(sealable.begin(), sealable.end());
  return sealable;
}

std::vector<std::string> missing_parts(const std::vector<PayloadFile>& files,
                                       const std::vector<Required>& required) {
  std::vector<std::string> problems;
  for (const auto& [part, by] : required) {
    const std::string asked = by.empty() ? "" : fmt::format(" (asked for by {})", by);
    bool there = false;
    bool filled = false;
    for (const auto& file : files) {
      if (!glob_match(part, file.path)) continue;
      there = true;
      filled = filled || file.size > 0;
    }
    if (!there) {
      problems.push_back(fmt::format("{} is missing{}", part, asked));
    } else if (!filled) {
      problems.push_back(fmt::format("{} is empty{}", part, asked));
    }
  }
  return problems;
}

std::vector<std::string> changed_parts(const fs::path& root) {
  const RunDirectory run{root};
  std::vector<std::string> problems;
  for (const std::string domain : {"schema", "environment"}) {
    if (!fs::exists(run.facts() / (domain + ".db"))) continue;
    const facts::Facts facts(run.facts(), {domain});
    for (const auto& row : facts.query(fmt::format(
             "SELECT name, path, bytes, sha256, problem FROM {}.part ORDER BY path, name", domain))) {
      const std::string name = row.text("name");
      const std::string path = row.text("path");
      // A part with a problem was not written; the gate on the bundle judges it.
      if (!row.is_null("problem")) continue;
      if (const auto problem = name_problem(path); !problem.empty()) {
        problems.push_back(fmt::format("{}: its path {}", name, problem));
        continue;
      }
      std::error_code failed;
      const auto size = fs::file_size(root / path, failed);
      if (failed) {
        problems.push_back(fmt::format("{} is missing", path));
      } else if (static_cast<std::int64_t>(size) != row.integer("bytes") ||
                 digest::sha256_file(root / path) != row.text("sha256")) {
        problems.push_back(fmt::format("{} is not the file that was written as {}", path, name));
      }
    }
  }
  return problems;
}

}  // namespace exitgate::record
