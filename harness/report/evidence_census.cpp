// Both entries: the rows of the fact tables, and what other counts say of them.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/census/census.h"
#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

std::string number(std::int64_t value) {
  return std::to_string(value);
}

// "3 comment, 1 string".
std::string explanations(const RunView& run, const std::string& search) {
  std::vector<std::string> parts;
  for (const auto& row : run.facts->query("SELECT explained, count(*) AS hits FROM census.hit "
                                          "WHERE search = ? AND explained IS NOT NULL GROUP BY 1 ORDER BY 1",
                                          {search})) {
    parts.push_back(fmt::format("{} {}", row.integer("hits"), row.text("explained")));
  }
  return join(parts, ", ");
}

std::string domain_of(const std::string& fact) {
  return fact.substr(0, fact.find('.'));
}

void write_searches(Page& page, const RunView& run, std::vector<std::string>& facts) {
  std::vector<std::vector<Inline>> rows;
  std::vector<std::string> commands;
  for (const auto& row : run.facts->query(
           "SELECT name, fact, command, hits FROM census.search WHERE hits > 0 ORDER BY rowid")) {
    const auto fact = row.text("fact");
    if (!run.has(domain_of(fact))) continue;
    const auto search = row.text("name");
    rows.push_back({plain(search.substr(0, search.rfind(" ("))), number(row.integer("hits")),
                    plain(explanations(run, search)), code(fact),
                    number(run.facts->integer("SELECT count(*) FROM " + fact).value_or(0))});
    commands.push_back(row.text("command"));
    facts.push_back(fact);
  }
  if (rows.empty()) return;
  page.table({"searched", "hits", "of them explained", "table", "its rows"}, rows);
  page.commands(commands);
}

void write_tallies(Page& page, const RunView& run, std::vector<std::string>& facts) {
  std::vector<std::vector<Inline>> rows;
  for (const std::string domain : {"census", "schema"}) {
    if (!run.has(domain)) continue;
    for (const auto& row : run.facts->query(
             fmt::format("SELECT fact, condition, sum(rows) AS rows, method FROM {}.tally GROUP BY fact, "
                         "CASE WHEN file IS NULL THEN condition END ORDER BY fact, condition",
                         domain))) {
      const auto fact = row.text("fact");
      if (!run.has(domain_of(fact))) continue;
      const bool of_files = fact == "ci.need";  // one for each job that needs others
      rows.push_back({code(fact), of_files ? "" : code(row.text("condition")), number(row.integer("rows")),
                      prose(row.text("method"))});
      facts.push_back(fact);
    }
  }
  if (!rows.empty()) page.table({"table", "of its rows", "there must be", "by"}, rows, 40);
}

}  // namespace

void write_census(Page& page, const RunView& run) {
  if (!run.has("census") && !run.has("schema")) {
    page.paragraph("Nothing was counted a second time in this run.");
    return;
  }
  page.paragraph(
      prose("Each table that matters was counted a second time by other means: text search over the commit's "
            "files, git, "
            "the plan, the database's own catalogs. A hit that is neither a row nor explained makes the "
            "gates about the "
            "table undecided."));
  std::vector<std::string> facts;
  if (run.has("census")) write_searches(page, run, facts);
  write_tallies(page, run, facts);
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  check::Report report;
  census::reconcile(*run.facts, facts, report);
  std::vector<Inline> missing;
  for (const auto& one : report.undecided_findings()) {
    const auto place = code_place(one.file, one.line);
    missing.push_back(place.empty() ? prose(one.message) : fmt::format("{}: {}", place, prose(one.message)));
  }
  if (missing.empty()) {
    page.paragraph("Both entries agree.");
  } else {
    page.list(missing);
  }
}

}  // namespace exitgate::report
