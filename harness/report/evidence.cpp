#include "harness/report/evidence.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/report/findings.h"

namespace exitgate::report {

namespace {

void write_header(Page& page, const RunView& run) {
  page.heading(1, plain(fmt::format("Evidence: {}", run.repository)));
  std::string branch = "not collected in this run";
  if (run.has("repo")) {
    const auto named = run.facts->text("SELECT branch FROM repo.checkout");
    branch = named ? code(*named) : "none: HEAD is detached or at another commit";
  }
  std::vector<std::string> facts = {
      fmt::format("Timestamp: {}", plain(run.started_at)), fmt::format("Branch: {}", branch),
      fmt::format("Commit: {}", code(run.commit)), fmt::format("Run: {}", code(run.id))};
  if (!run.config.empty()) facts.push_back(fmt::format("Configuration: {}", code("suite/" + run.config)));
  if (!run.suite_digest.empty()) facts.push_back(fmt::format("Suite: SHA-256 {}", code(run.suite_digest)));
  if (!run.profile.empty()) facts.push_back(fmt::format("Profile: {}", plain(run.profile)));
  for (const auto& one : run.included) {
    facts.push_back(fmt::format("Included: {} from {}", code("suite/" + one.file), code(one.origin)));
  }
  if (!run.database.empty()) facts.push_back(fmt::format("Database: {}", plain(run.database)));
  for (const auto& [name, version] : run.versions) {
    facts.push_back(fmt::format("Made by {} {}", plain(name), plain(version)));
  }
  page.list(facts);
  page.paragraph(strong(fmt::format("Outcome: {}", record::outcome_name(run.outcome))));
  std::vector<Inline> reasons;
  for (const auto& reason : reasons_beside_gates(run)) reasons.push_back(plain(reason));
  if (!reasons.empty()) page.list(reasons);
  const Counts counts = count_gates(run);
  page.paragraph(fmt::format("{}: {} passed, {} failed, {} undecided, {} skipped, {} not run.",
                             count_of(counts.all(), "gate"), counts.passed, counts.failed, counts.undecided,
                             counts.skipped, counts.not_run));
  page.paragraph(prose(
      "Everything below was read from the commit's own objects and from the databases named, and is stored "
      "as tables in `facts/`. The commands show the same to anyone: `git` in a clone of the repository, with "
      "the commit in `C`; `sqlite3` in the folder that this file is in."));
  page.commands({fmt::format("C={}", run.commit)});
}

}  // namespace

bool collected(Page& page, const RunView& run, std::string_view domain) {
  if (run.has(domain)) return true;
  const auto broken = run.unreadable_stores.find(std::string(domain));
  page.paragraph(broken == run.unreadable_stores.end()
                     ? fmt::format("The {} facts were not collected in this run.", code(domain))
                     : fmt::format("The {} facts cannot be read: {}", code(domain), plain(broken->second)));
  return false;
}

Inline in_store(std::string_view domain, std::string_view sql) {
  return fmt::format("{} in {}", code(sql), code(fmt::format("facts/{}.db", domain)));
}

std::string sqlite_command(std::string_view domain, std::string_view sql) {
  // Double quotes for the shell, because queries have single ones; none has a dollar or a backquote.
  return fmt::format("sqlite3 -header -column facts/{}.db \"{}\"", domain, sql);
}

std::vector<Section> sections(const RunView& run) {
  std::vector<Section> all = {
      {"Chain-of-custody", write_custody},
      {"CI workflow inventory (repo truth)", write_workflows},
      {"Artifact capability audit", write_artifacts},
      {"DB provisioning truth (migrations vs ORM)", write_provisioning},
      {"Hook/injection points for evidence generation", write_hooks},
      {"Schema snapshot feasibility (pg_dump + existing evidence)", write_snapshots},
      {"Evidence, manifest and checksum tooling", write_tooling},
      {"Candidate evidence bundle inventory", write_bundle},
      {"What gates of the repository's own asked", write_own_gates, has_own_gates},
      {"Double entry: the facts and other counts of them", write_census},
      {"Gaps summary mapped to exit gates", write_gaps},
  };
  std::erase_if(all, [&](const Section& one) { return one.has_content != nullptr && !one.has_content(run); });
  return all;
}

void write_section(Page& page, const Section& section, const RunView& run) {
  try {
    section.write(page, run);
  } catch (const Error& error) {
    page.paragraph(fmt::format("This section could not be completed: {}", plain(error.what())));
  }
}

std::string render_markdown(const RunView& run) {
  Page page;
  write_header(page, run);
  for (const auto& section : sections(run)) {
    page.heading(2, plain(section.title));
    write_section(page, section, run);
  }
  return page.markdown();
}

}  // namespace exitgate::report
