#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 100;

std::string state_of(const Row& checkout) {
  if (checkout.is_null("dirty")) return "not compared: there is no work tree, or a problem below says why";
  return checkout.boolean("dirty") ? "differs from the commit" : "clean";
}

void write_checkout(Page& page, const RunView& run) {
  std::vector<std::vector<std::string>> properties;
  auto query = run.facts->query(
      "SELECT dirty, oid, tree, branch, committed_at, subject, shallow, head FROM repo.checkout");
  for (const auto& row : query) {
    properties = {
        {"commit", code(row.text("oid")), code("git rev-parse $C")},
        {"tree", code(row.text("tree")), code("git rev-parse $C^{tree}")},
        {"committed at", plain(row.text("committed_at")),
         code("TZ=UTC git log -1 --date=iso-local --format=%cd $C")},
        {"subject", plain(row.text("subject")), code("git log -1 --format=%s $C")},
        {"branch", row.is_null("branch") ? "none" : code(row.text("branch")),
         code("git symbolic-ref --short HEAD")},
        {"HEAD is at", row.is_null("head") ? "no commit" : code(row.text("head")),
         code("git rev-parse HEAD")},
        {"history", row.boolean("shallow") ? "shallow: cut off" : "complete",
         code("git rev-parse --is-shallow-repository")},
        {"work tree", state_of(row), code("git status --porcelain")},
    };
  }
  page.table({"what", "value", "to see it"}, properties);
}

void write_signature(Page& page, const RunView& run) {
  const auto rows =
      rows_of(run, "SELECT kind, status, signer, key, reason FROM repo.signature", [](const Row& row) {
        return std::vector{plain(row.text("kind")), plain(row.text("status")), plain(row.text("signer")),
                           code(row.text("key")), plain(row.text("reason"))};
      });
  if (rows.empty()) {
    page.paragraph("The commit is not signed.");
  } else {
    page.table({"signature", "status", "signer", "key", "reason"}, rows);
  }
  page.commands({"git verify-commit -v $C"});
}

void write_changes(Page& page, const RunView& run) {
  const auto changes =
      rows_of(run, "SELECT status, path FROM repo.change ORDER BY path, status", [](const Row& row) {
        return std::vector{code(row.text("status")), code(row.text("path"))};
      });
  if (changes.empty()) {
    page.paragraph(
        "No file differs from the commit, no blob is missing, and no index bit hides a difference.");
  } else {
    page.paragraph(
        "What differs from the commit, is hidden behind an index bit, or is missing from the clone:");
    page.table({"status", "path"}, changes, kMost, in_store("repo", "SELECT * FROM change"));
  }
  page.commands({"git status --porcelain", "git ls-files -v | grep -v '^H'",
                 "git rev-list --objects --missing=print --no-walk $C | grep '^?'",
                 sqlite_command("repo", "SELECT * FROM change")});
  const auto excluded =
      rows_of(run, "SELECT path, source FROM repo.excluded ORDER BY path", [](const Row& row) {
        return std::vector{code(row.text("path")), plain(row.text("source"))};
      });
  if (!excluded.empty()) {
    page.paragraph("Untracked files that only this clone's or this user's own lists hide:");
    page.table({"path", "hidden by"}, excluded, kMost, in_store("repo", "SELECT * FROM excluded"));
  }
  const auto problems =
      rows_of(run, "SELECT path, oid, reason FROM repo.problem ORDER BY 1, 2, 3", [](const Row& row) {
        return std::vector{code(row.text("path")), code(row.text("oid")), plain(row.text("reason"))};
      });
  if (!problems.empty()) {
    page.paragraph("What could not be read or compared:");
    page.table({"path", "object", "reason"}, problems, kMost, in_store("repo", "SELECT * FROM problem"));
  }
}

void write_references(Page& page, const RunView& run) {
  const auto remotes = rows_of(
      run, "SELECT name, url, contains_commit FROM repo.remote ORDER BY name, url", [](const Row& row) {
        return std::vector{code(row.text("name")), code(row.text("url")),
                           std::string(row.is_null("contains_commit")   ? "cannot be told"
                                       : row.boolean("contains_commit") ? "yes"
                                                                        : "no")};
      });
  if (remotes.empty()) {
    page.paragraph("The clone has no remote.");
  } else {
    page.table({"remote", "URL (credentials removed)", "has the commit, as last fetched"}, remotes);
  }
  const auto references =
      rows_of(run, "SELECT name, oid, at_commit FROM repo.reference ORDER BY at_commit DESC, name",
              [](const Row& row) {
                return std::vector{code(row.text("name")),
                                   std::string(row.boolean("at_commit") ? "at the commit" : "holds it"),
                                   code(row.text("oid"))};
              });
  if (references.empty()) {
    page.paragraph("No branch and no tag of the clone holds the commit.");
  } else {
    page.table({"reference", "the commit", "points at"}, references, 20,
               code("git for-each-ref --contains=$C"));
  }
  page.commands({"git remote --verbose", "git for-each-ref --contains=$C"});
}

// CI confuses the head of a pull request with the merge that it makes to test it, so it is said which was examined.
std::string examined_commit(const RunView& run, const Row& ci) {
  if (!ci.is_null("head_oid") && ci.text("head_oid") == run.commit)
    return "the head of the pull request's branch";
  if (!ci.is_null("commit_oid") && ci.text("commit_oid") == run.commit) {
    return ci.is_null("head_oid")
               ? "the commit that the service ran for"
               : "the service's temporary merge of the pull request, which no branch will hold";
  }
  return ci.is_null("commit_oid") ? "the service does not say which commit it ran for"
                                  : "another commit than the service ran for";
}

void write_ci_run(Page& page, const RunView& run) {
  struct Shown {
    const char* column;
    const char* name;
  };
  constexpr Shown kShown[] = {{"service", "service"},
                              {"run", "run"},
                              {"attempt", "attempt"},
                              {"actor", "actor"},
                              {"workflow", "workflow"},
                              {"job", "job"},
                              {"event", "event"},
                              {"ref", "ref"},
                              {"commit_oid", "commit of the run"},
                              {"head_oid", "head of the pull request"},
                              {"base_oid", "base of the pull request"},
                              {"url", "URL"}};
  std::vector<std::vector<std::string>> rows;
  auto query = run.facts->query(
      "SELECT service, run, attempt, actor, workflow, job, event, ref, commit_oid, head_oid, base_oid, url "
      "FROM environment.ci_run");
  for (const auto& row : query) {
    for (const auto& [column, name] : kShown) {
      if (!row.is_null(column)) rows.push_back({name, code(row.text(column))});
    }
    rows.push_back({"examined here", plain(examined_commit(run, row))});
  }
  if (rows.empty()) {
    page.paragraph("The run was not started by a CI service that is known here.");
  } else {
    page.table({"CI run", ""}, rows);
  }
}

void write_context(Page& page, const RunView& run) {
  if (!collected(page, run, "environment")) return;
  write_ci_run(page, run);
  const auto variables =
      rows_of(run, "SELECT name, value FROM environment.variable ORDER BY name", [](const Row& row) {
        return std::vector{code(row.text("name")), code(row.text("value"))};
      });
  if (variables.empty()) {
    page.paragraph("None of the variables that describe a run was set.");
  } else {
    page.table({"variable", "value"}, variables);
  }
}

}  // namespace

void write_custody(Page& page, const RunView& run) {
  if (collected(page, run, "repo")) {
    write_checkout(page, run);
    write_signature(page, run);
    write_changes(page, run);
    write_references(page, run);
  }
  page.heading(3, "Context of the run");
  write_context(page, run);
}

}  // namespace exitgate::report
