// Workflow files, line by line, as a person with a text editor reads them: indentation, dashes and keys. A form that
// this does not know gives no hit; it is never guessed.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/text.h"
#include "harness/collect/census/hits.h"
#include "harness/collect/census/yaml_lines.h"

namespace exitgate::collect::census {

namespace {

constexpr std::array<std::string_view, 26> kTests = {
    "pytest",   "tox",          "nox",       "unittest",      "manage.py test", "go test",       "cargo test",
    "npm test", "npm run test", "yarn test", "yarn run test", "pnpm test",      "pnpm run test", "vitest",
    "rspec",    "rails test",   "mvn test",  "mvn verify",    "phpunit",        "ctest",         "make test",
    "py.test",  "gotestsum",    "jest",      "gradlew test",  "gradle test"};
constexpr std::array<std::string_view, 10> kMigrations = {
    "alembic upgrade", "manage.py migrate", "db:migrate", "prisma migrate", "diesel migration run",
    "flyway migrate",  "sqlx migrate run",  "dbmate up",  "dbmate migrate", "goose up"};

constexpr std::array<std::string_view, 2> kSchemaCommands = {"prisma db push", "drizzle-kit push"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

template <std::size_t count>
bool has_any(std::string_view text, const std::array<std::string_view, count>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has_word(text, word); });
}

bool is_artifact_step(std::string_view text) {
  return text.find("uses:") != std::string_view::npos && text.find("load-artifact") != std::string_view::npos;
}

class Scan {
 public:
  Scan(const std::string& file, std::string_view text, bool is_action, Found& found)
      : file_(file), lines_(text), is_action_(is_action), found_(found) {}

  void run() {
    for (line_ = 1; line_ <= lines_.count(); ++line_) {
      if (lines_.is_blank(line_)) continue;
      const int indent = lines_.indent(line_);
      if (scalar_ && indent > *scalar_) {
        scalar_line();
        continue;
      }
      scalar_.reset();
      if (lines_.trimmed(line_).starts_with('#')) {
        mention("comment");
        continue;
      }
      const Entry entry = entry_of(lines_.at(line_), indent);
      structure(entry, indent);
      if (begins_scalar(entry.value)) {
        scalar_ = entry.column;
        scalar_is_run_ = is_run_;
        scalar_key_line_ = line_;
      }
    }
  }

 private:
  Hit hit(Search search, int first, int last) const {
    return {.search = search,
            .file = file_,
            .line = line_,
            .first = first,
            .last = last,
            .text = std::string(lines_.trimmed(line_).substr(0, 200)),
            .explained = {}};
  }
  void add(Search search, int first, int last) { found_.hits.push_back(hit(search, first, last)); }
  void explain(Search search, std::string why) {
    Hit explained = hit(search, 0, 0);
    explained.explained = std::move(why);
    found_.hits.push_back(std::move(explained));
  }

  // A line that is text to YAML: what it says is no step.
  void mention(const char* as) {
    const auto text = lines_.trimmed(line_);
    if (is_artifact_step(text)) explain(Search::artifact_steps, as);
    if (has_any(text, kTests)) explain(Search::test_commands, as);
    if (has_any(text, kMigrations)) explain(Search::migration_commands, as);
    if (has_any(text, kSchemaCommands)) explain(Search::schema_commands, as);
  }

  void scalar_line() {
    if (!scalar_is_run_ || step_first_ == 0) return mention("string");
    const auto text = lines_.trimmed(line_);
    if (text.starts_with('#')) return mention("comment");
    if (is_artifact_step(text)) explain(Search::artifact_steps, "string");
    command(text, scalar_key_line_);
  }

  void command(std::string_view text, int key_line) {
    // What a script writes elsewhere (`cat <<EOF`) is none of its commands.
    if (text.find("<<") != std::string_view::npos) here_document_ = step_first_;
    if (begins_with_test(text) && here_document_ != step_first_ && !is_action_)
      add(Search::commands_at_begin, step_first_, line_);
    if (has_any(text, kTests)) add(Search::test_commands, step_first_, key_line);
    if (has_any(text, kMigrations)) add(Search::migration_commands, step_first_, key_line);
    if (!is_action_ && has_any(text, kSchemaCommands)) {
      const bool said = text.find("echo") != std::string_view::npos ||
                        text.find("printf") != std::string_view::npos ||
                        text.find("grep") != std::string_view::npos;
      const bool comment = text.find('#') < text.find("push");
      if (said || comment) {
        explain(Search::schema_commands, said ? "said" : "comment");
      } else {
        add(Search::schema_commands, std::min(key_line, line_), line_);
      }
    }
  }

  void structure(const Entry& entry, int indent) {
    is_run_ = false;
    if (indent == 0 && !entry.dash) {
      top_ = entry.key;
      job_indent_ = child_indent_ = event_indent_ = -1;
      leave_job();
      if (is_on()) trigger(entry.value);
      if (entry.key == "concurrency") concurrency(entry, indent);
      return;
    }
    if (is_on() && !is_action_) return event(entry, indent);
    if (top_ == "jobs" && !is_action_) return in_jobs(entry, indent);
    if (top_ == "runs" && is_action_) return in_steps_of("runs", entry, indent);
    mention("string");
  }

  bool is_on() const { return top_ == "on" || top_ == "true"; }

  void trigger(std::string_view value) {
    if (has_word(value, "pull_request") || has_word(value, "pull_request_target"))
      add(Search::triggers, line_, line_);
  }

  void event(const Entry& entry, int indent) {
    if (event_indent_ < 0) event_indent_ = indent;
    if (indent != event_indent_) return;
    trigger(entry.key.empty() ? entry.value : entry.key);
  }

  void leave_job() {
    steps_column_ = item_indent_ = service_indent_ = services_column_ = -1;
    step_first_ = 0;
  }

  void in_jobs(const Entry& entry, int indent) {
    if (job_indent_ < 0) job_indent_ = indent;
    if (indent == job_indent_ && !entry.dash) {
      leave_job();
      child_indent_ = -1;
      job_ = std::string(entry.key);
      if (!entry.key.empty() && entry.value.empty()) add(Search::jobs, line_, line_);
      return;
    }
    if (child_indent_ < 0) child_indent_ = indent;
    if (indent == child_indent_ && !entry.dash) {
      leave_job();
      if (entry.key == "uses" && !entry.value.empty()) add(Search::uses, line_, line_);
      if (entry.key == "needs") needs(entry.value);
      if (entry.key == "concurrency") concurrency(entry, indent);
      if (entry.key == "services" && entry.value.empty()) services_column_ = indent;
      if (entry.key == "steps" && entry.value.empty()) steps_column_ = indent;
      if (entry.key == "name") mention("string");
      return;
    }
    if (services_column_ >= 0) {
      if (service_indent_ < 0) service_indent_ = indent;
      if (indent == service_indent_ && !entry.key.empty() && entry.key != "<<")
        add(Search::services, line_, line_);
      return;
    }
    if (steps_column_ >= 0) in_step(entry, indent);
  }

  // At GitHub a run is cancelled that waits for a group which it holds itself: only there is it a fact.
  void concurrency(const Entry& entry, int indent) {
    if (is_action_ || !file_.starts_with(".github/")) return;
    int last = line_;
    for (int at = line_ + 1; at <= lines_.count(); ++at) {
      if (lines_.is_blank(at) || lines_.trimmed(at).starts_with('#')) continue;
      if (lines_.indent(at) <= indent) break;
      last = at;
    }
    if (entry.value.empty() && last == line_) return explain(Search::concurrency, "empty");
    if (entry.value.starts_with('*'))
      return add(Search::concurrency, 0, 0);  // where it is written is elsewhere
    add(Search::concurrency, line_, last);
  }

  // Of a composite action.
  void in_steps_of(std::string_view /*key*/, const Entry& entry, int indent) {
    if (child_indent_ < 0) child_indent_ = indent;
    if (indent == child_indent_ && !entry.dash) {
      leave_job();
      if (entry.key == "using" && unquoted(entry.value) != "composite") top_ = "";
      if (entry.key == "steps" && entry.value.empty()) steps_column_ = indent;
      return;
    }
    if (steps_column_ >= 0) in_step(entry, indent);
  }

  void in_step(const Entry& entry, int indent) {
    if (item_indent_ < 0 && entry.dash) item_indent_ = indent;
    if (entry.dash && indent == item_indent_) {
      step_first_ = line_;
      key_column_ = entry.key.empty() && entry.value.empty() ? -1 : entry.column;
    } else if (key_column_ < 0) {
      key_column_ = indent;
    }
    if (step_first_ == 0 || entry.column != key_column_) return mention("string");
    if (entry.key == "run") {
      is_run_ = true;
      add(Search::run_steps, step_first_, line_);
      if (!begins_scalar(entry.value)) command(entry.value, line_);
    } else if (entry.key == "uses" && !entry.value.empty()) {
      uses(entry.value);
    } else {
      mention("string");
    }
  }

  void uses(std::string_view value) {
    add(Search::uses_steps, step_first_, line_);
    add(Search::uses, line_, line_);
    if (value.find("load-artifact") == std::string_view::npos) return;
    // Of the provider's own, and of those that servers like Forgejo know; others keep artifacts in their own manner.
    const auto action = unquoted(value);
    if (action.starts_with("./") || action.starts_with("$/")) {
      explain(Search::artifact_steps, "an action of the repository, whose own steps are searched");
      return;
    }
    bool known = false;
    for (const std::string_view owner : {"actions/", "forgejo/", "christopherhx/gitea-"}) {
      for (const std::string_view does : {"upload-artifact", "download-artifact"}) {
        const auto at = action.find(fmt::format("{}{}", owner, does));
        known = known || at == 0 || (at != std::string_view::npos && action[at - 1] == '/');
      }
    }
    if (known) {
      add(Search::artifact_steps, line_, line_);
    } else {
      explain(Search::artifact_steps, "another action");
    }
  }

  void needs(std::string_view value) {
    if (value.find("${{") != std::string_view::npos || value.starts_with('*') || value.starts_with('&'))
      return;
    std::string list(value);
    if (value.empty()) {
      for (int at = line_ + 1; at <= lines_.count(); ++at) {
        if (lines_.is_blank(at) || lines_.trimmed(at).starts_with('#')) continue;
        if (lines_.indent(at) < child_indent_ || !lines_.trimmed(at).starts_with("- ")) break;
        list += (list.empty() ? "" : ",") + std::string(code_of(lines_.trimmed(at).substr(2)));
      }
    } else if (value.starts_with('[')) {
      for (int at = line_ + 1; list.find(']') == std::string::npos && at <= lines_.count(); ++at)
        list += std::string(code_of(lines_.at(at)));
      list = list.substr(1, list.find(']') - 1);
    }
    const auto names = split(list, ',');
    const auto count = std::count_if(names.begin(), names.end(),
                                     [](const std::string& name) { return !trim(name).empty(); });
    if (count == 0) return;
    found_.tallies.push_back(
        {.fact = "ci.need",
         .condition = fmt::format("{{\"file\": {}, \"job\": {}}}", quoted(file_), quoted(job_)),
         .rows = count,
         .file = file_,
         .line = line_,
         .method = "the names behind `needs:`"});
  }

  static std::string quoted(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
    return json + '"';
  }

  const std::string& file_;
  const Lines lines_;
  const bool is_action_;
  Found& found_;

  int line_ = 0;
  std::string_view top_;   // key at the margin
  int event_indent_ = -1;  // of the events under `on:`
  int job_indent_ = -1;    // of the jobs
  int child_indent_ = -1;  // of a job's keys
  std::string job_;
  int services_column_ = -1;  // of `services:`, while inside it
  int service_indent_ = -1;
  int steps_column_ = -1;      // of `steps:`, while inside it
  int item_indent_ = -1;       // of its dashes
  int key_column_ = -1;        // of a step's keys
  int step_first_ = 0;         // line of the step's dash
  int here_document_ = 0;      // the step whose script has one
  bool is_run_ = false;        // the line is a step's `run:`
  std::optional<int> scalar_;  // column of the key whose scalar the lines below are
  bool scalar_is_run_ = false;
  int scalar_key_line_ = 0;
};

}  // namespace

bool begins_with_test(std::string_view line) {
  constexpr std::array<std::string_view, 18> kFirst = {
      "pytest",       "py.test",  "tox",       "nox",           "vitest",    "rspec",
      "phpunit",      "ctest",    "go test",   "cargo test",    "mvn test",  "mvn verify",
      "npm run test", "npm test", "yarn test", "yarn run test", "pnpm test", "make test"};
  return std::any_of(kFirst.begin(), kFirst.end(), [&](std::string_view command) {
    return line.starts_with(command) && (line.size() == command.size() || line[command.size()] == ' ');
  });
}

void search_workflow(const std::string& file, std::string_view text, bool is_action, Found& found) {
  Scan(file, text, is_action, found).run();
}

}  // namespace exitgate::collect::census
