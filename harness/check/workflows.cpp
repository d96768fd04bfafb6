#include "harness/check/workflows.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace exitgate::check {

// A directory's name is what is left of a path when all but slashes is trimmed from its end.
const std::string_view kRuns = R"sql(
WITH RECURSIVE
target(file, name) AS (
  SELECT file, './' || file FROM ci.workflow
  UNION ALL
  SELECT file, rtrim('./' || rtrim(file, replace(file, '/', '')), '/') FROM ci.action_file
),
call(caller, job, position, callee) AS (
  SELECT used.file, used.job, used.position, target.file
    FROM ci.action_use AS used JOIN target
      ON target.name = rtrim(CASE WHEN used.action LIKE '$/%' THEN '.' || substr(used.action, 2) ELSE used.action END, '/')
   WHERE used.pin = 'local'
),
run(root, file) AS (
  SELECT file, file FROM ci.workflow
  UNION
  SELECT run.root, called.callee
    FROM run JOIN (SELECT caller, callee FROM call UNION ALL SELECT file, included FROM ci.include) AS called
      ON called.caller = run.file
),
part(root, file) AS (
  SELECT file, file FROM ci.workflow
  UNION
  SELECT part.root, include.included FROM part JOIN ci.include ON include.file = part.file
),
pull_request(file, line) AS (
  SELECT file, min(line) FROM ci.trigger
   WHERE event IN ('pull_request', 'pull_request_target', 'merge_request', 'merge_request_event') GROUP BY file
)
)sql";

bool report_unreadable_workflows(const Facts& facts, Report& report) {
  bool any = false;
  // An action that nothing calls (a fixture of the repository's tests, or what it publishes) is in no run.
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT w.file AS file, w.problem AS problem, w.refused AS refused, "
           "       coalesce(p.title, 'the CI provider') AS title "
           "FROM ci.workflow w LEFT JOIN ci.provider p ON p.name = w.provider WHERE w.problem IS NOT NULL "
           "UNION ALL SELECT file, problem, 0, '' FROM ci.action_file "
           "           WHERE problem IS NOT NULL AND file IN (SELECT callee FROM call) "
           "ORDER BY 1")) {
    any = true;
    const auto file = row.text("file");
    const auto problem = row.text("problem");
    report.undecided(
        {.key = fmt::format("{}:unreadable", file),
         .file = file,
         .line = 0,
         .message = row.boolean("refused")
                        ? fmt::format("{} refuses it ({}), so what it would do is unknown", row.text("title"),
                                      problem)
                        : fmt::format("cannot be read ({}), so what it does is unknown", problem),
         .hint = "fix the file; EG-CG1.workflows-readable shows each such file"});
  }
  return any;
}

bool has_expression(std::string_view text) {
  return text.find("${{") != std::string_view::npos;
}

std::string bare_expression(std::string_view text) {
  text = trim(text);
  if (text.starts_with("${{") && text.ends_with("}}") && text.find("}}") == text.size() - 2) {
    text = trim(text.substr(3, text.size() - 5));
  }
  return std::string(text);
}

bool runs_always(std::string_view condition) {
  std::string squeezed;
  for (const char c : lower(bare_expression(condition))) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') squeezed += c;
  }
  // `||` binds less than `&&`: always()&&x||y is false when both x and y are.
  return squeezed == "always()" ||
         (squeezed.starts_with("always()&&") && squeezed.find("||") == std::string::npos) ||
         squeezed.starts_with("always()||");
}

std::string name_pattern(std::string_view name) {
  std::string pattern;
  while (true) {
    const auto begin = name.find("${{");
    pattern += name.substr(0, begin);
    if (begin == std::string_view::npos) return pattern;
    pattern += '*';
    const auto end = name.find("}}", begin);
    if (end == std::string_view::npos) return pattern;
    name.remove_prefix(end + 2);
  }
}

std::string shortened_list(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == most && names.size() > most + 1) return text + fmt::format(" and {} more", names.size() - i);
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += fmt::format("'{}'", names[i]);
  }
  return text;
}

}  // namespace exitgate::check
