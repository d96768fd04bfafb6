#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/upload_paths.h"
#include "harness/check/upload_patterns.h"
#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

// What neither the name of an artifact may hold (actions/toolkit, path-and-artifact-name-validation.ts), in words.
struct Sign {
  char sign;
  std::string_view name;
};
constexpr std::array<Sign, 11> kForbidden = {{{'"', "a double quote"},
                                              {':', "':'"},
                                              {'<', "'<'"},
                                              {'>', "'>'"},
                                              {'|', "'|'"},
                                              {'*', "'*'"},
                                              {'?', "'?'"},
                                              {'\r', "a line break"},
                                              {'\n', "a line break"},
                                              {'\\', "'\\'"},
                                              {'/', "'/'"}}};

const Sign* forbidden_in(std::string_view name, char except = '\0') {
  const auto found = std::find_if(kForbidden.begin(), kForbidden.end(), [&](const Sign& one) {
    return one.sign != except && name.find(one.sign) != std::string_view::npos;
  });
  return found == kForbidden.end() ? nullptr : &*found;
}

// The texts between the expressions of a name, and the expressions without `${{ }}`.
struct Template {
  std::string text;
  std::vector<std::string> expressions;
};
Template read_template(std::string_view name) {
  Template result;
  for (auto open = name.find("${{"); open != std::string_view::npos; open = name.find("${{")) {
    const auto close = name.find("}}", open);
    if (close == std::string_view::npos) break;
    result.text += name.substr(0, open);
    result.expressions.emplace_back(trim(name.substr(open + 3, close - open - 3)));
    name.remove_prefix(close + 2);
  }
  result.text += name;
  return result;
}

// Contexts that hold a branch's name, which whoever opens a pull request chooses; and those that always have a slash.
constexpr std::array<std::string_view, 4> kBranches = {
    "github.head_ref", "github.event.pull_request.head.ref", "github.head_ref || github.ref_name",
    "github.head_ref || github.ref"};
constexpr std::array<std::string_view, 7> kSlashed = {
    "github.ref",     "github.repository", "github.workflow_ref", "github.server_url",
    "github.api_url", "github.workspace",  "runner.temp"};

// A name in a run for a pull request, whose github.ref_name is '<number>/merge': `pattern` as it is where there is none in `key`.
std::string with_ref_name(std::string_view key, const std::string& pattern) {
  constexpr std::string_view kRefName = "${{ github.ref_name }}";
  const auto at = key.find(kRefName);
  if (at == std::string_view::npos) return pattern;
  return name_pattern(std::string(key.substr(0, at)) + "*/merge" +
                      std::string(key.substr(at + kRefName.size())));
}

// The names that an upload has in the runs of pull requests.
struct Names {
  std::vector<std::string> keys;     // with the expressions that are left in them
  std::vector<std::string> invalid;  // '*' for what is not known
  bool any_valid = false;
};

class Uploads {
 public:
  Uploads(const Facts& facts, Report& report) : providers_(facts), paths_(facts), report_(report) {
    for (const Row& row : facts.query(
             "SELECT DISTINCT a.file AS file, a.line AS line, a.name AS name, a.name_key AS name_key, "
             "  a.name_pattern AS name_pattern, coalesce(j.event, '') AS event "
             "FROM ci.artifact_instance a LEFT JOIN ci.job_instance j ON j.id = a.instance "
             "WHERE a.direction = 'upload' AND a.name_pattern IS NOT NULL ORDER BY 1, 2, 3, 4, 5")) {
      Names& names = names_[{row.text("file"), row.integer("line")}];
      if (!row.is_null("name_key")) {
        const auto key = row.text("name_key");
        if (names.keys.empty() || names.keys.back() != key) names.keys.push_back(key);
      }
      const bool known = !row.is_null("name");
      std::string name = known ? row.text("name") : row.text("name_pattern");
      if (!known && row.text("event") == "pull_request") name = with_ref_name(row.text("name_key"), name);
      if (forbidden_in(name, known ? '\0' : '*') == nullptr) {
        names.any_valid = true;
      } else if (std::find(names.invalid.begin(), names.invalid.end(), name) == names.invalid.end()) {
        names.invalid.push_back(name);
      }
    }
  }

  // `uses` and `inputs` of the step that uploads, "" where it is not an action's.
  void look(const ci::Artifact& artifact, const std::string& uses, const Json& inputs) {
    const ci::Provider& provider = providers_.of(artifact.file);
    if (!provider.artifact_actions) return;
    report_.examined();
    artifact_ = &artifact;
    provider_ = &provider;
    shown_ = artifact.artifact_name.value_or(artifact.name.value_or("artifact"));
    // A wrapper gives inputs of its own.
    const bool direct = uses.starts_with(artifact.action + "@");
    const bool pages = artifact.action.ends_with("/upload-pages-artifact");
    look_at_name(direct && is_false(inputs, "archive"));
    if (pages) return;  // it packs its folder by tar
    if (direct) look_at_inputs(inputs);
    if (artifact.action.ends_with("/merge")) return;  // it has no path
    if (artifact.path && !trim(*artifact.path).empty()) {
      for (const auto& path : paths_.of(artifact)) look_at_path(path);
    } else if (artifact.path || direct) {
      fail("path", fmt::format("'{}' has no `path:`: the step fails each time", shown_),
           "name the folder that the evidence is in: `path: build/evidence/`");
    }
  }

 private:
  void fail(const std::string& what, std::string message, std::string hint) {
    report_.fail({fmt::format("{}:{}:{}:{}", artifact_->file, artifact_->job, shown_, what), artifact_->file,
                  artifact_->line, std::move(message), std::move(hint)});
  }

  static std::optional<std::string> literal(const Json& inputs, std::string_view name) {
    if (!inputs.is_object()) return std::nullopt;
    for (const auto& [key, value] : inputs.members()) {
      if (lower(key) == name && value.is_string() && !has_expression(value.text()))
        return std::string(trim(value.text()));
    }
    return std::nullopt;
  }
  static bool is_false(const Json& inputs, std::string_view name) {
    return lower(literal(inputs, name).value_or("")) == "false";
  }

  void look_at_name(bool named_after_file) {
    // With `archive: false` the name of the file counts, which may not be known.
    const auto written = artifact_->artifact_name ? artifact_->artifact_name : artifact_->name;
    if (!written || (named_after_file && !artifact_->artifact_name)) return;
    const std::string run_id = bare_expression(provider_->run_id);
    const std::string hint = fmt::format(
        "replace it in the name, or leave the part out: `{}`, `{}sha` and a pull request's number hold none",
        run_id, run_id.substr(0, run_id.find('.') + 1));
    const auto parts = read_template(*written);
    if (const Sign* sign = forbidden_in(parts.text)) {
      fail("name",
           fmt::format("'{}' holds {}, which an artifact's name may not: the step fails each time", shown_,
                       sign->name),
           "write `-` instead");
      return;
    }
    const auto found = names_.find({artifact_->file, artifact_->line});
    auto expressions = parts.expressions;
    if (found != names_.end()) {
      for (const auto& key : found->second.keys) {
        for (auto& expression : read_template(key).expressions) expressions.push_back(std::move(expression));
      }
    }
    for (auto& expression : expressions) expression = in_common_words(std::move(expression));
    for (const auto& expression : expressions) {
      if (std::find(kSlashed.begin(), kSlashed.end(), expression) != kSlashed.end()) {
        fail("name",
             fmt::format("'{}' always holds '/', which an artifact's name may not: the step fails each time",
                         shown_),
             hint);
        return;
      }
    }
    if (found != names_.end() && !found->second.invalid.empty()) {
      const Names& names = found->second;
      const Sign* const sign = forbidden_in(names.invalid.front(), has_expression(shown_) ? '*' : '\0');
      fail("name",
           fmt::format("'{}' becomes {}, and an artifact's name may not hold {}: the step fails {}", shown_,
                       shortened_list(names.invalid), sign == nullptr ? "'*'" : sign->name,
                       names.any_valid ? "there" : "on each pull request"),
           hint);
      return;
    }
    for (const auto& expression : expressions) {
      if (std::find(kBranches.begin(), kBranches.end(), expression) == kBranches.end()) continue;
      fail("name",
           fmt::format("'{}' holds a branch's name, and an artifact's may not hold '/': the step fails for "
                       "each branch "
                       "like feature/x or dependabot/x",
                       shown_),
           hint);
      return;
    }
  }

  // The provider may have a name of its own for the context of the run: `forgejo.head_ref`.
  std::string in_common_words(std::string expression) const {
    const std::string own = bare_expression(provider_->run_id);
    const std::string context = own.substr(0, own.find('.') + 1);
    const std::string common = "github.";
    if (context.empty() || context == common) return expression;
    for (auto at = expression.find(context); at != std::string::npos; at = expression.find(context, at)) {
      expression.replace(at, context.size(), common);
      at += common.size();
    }
    return expression;
  }

  // Whether it is this version or a later one, or a commit, which most probably is.
  bool since(int major, int minor) const {
    if (artifact_->pin == ci::Pin::sha) return true;
    std::string_view ref = artifact_->ref ? std::string_view(*artifact_->ref) : std::string_view();
    if (!ref.starts_with('v')) return ref == "main";
    int has_major = 0;
    int has_minor = 99;  // the latest
    const auto [end, error] = std::from_chars(ref.data() + 1, ref.data() + ref.size(), has_major);
    if (error != std::errc()) return false;
    if (end != ref.data() + ref.size() && *end == '.')
      std::from_chars(end + 1, ref.data() + ref.size(), has_minor);
    return has_major > major || (has_major == major && has_minor >= minor);
  }

  void look_at_inputs(const Json& inputs) {
    for (const std::string_view name : {"include-hidden-files", "overwrite"}) {
      constexpr std::array<std::string_view, 6> kBooleans = {"true",  "True",  "TRUE",
                                                             "false", "False", "FALSE"};
      const auto value = literal(inputs, name);
      if (!value || !since(4, 4) || std::find(kBooleans.begin(), kBooleans.end(), *value) != kBooleans.end())
        continue;
      fail(std::string(name),
           fmt::format("`{}: {}` of '{}' is neither true nor false: the step fails each time", name, *value,
                       shown_),
           fmt::format("write `{}: true`, or leave it out", name));
    }
    if (const auto value = literal(inputs, "if-no-files-found");
        value && *value != "warn" && *value != "error" && *value != "ignore") {
      fail("if-no-files-found",
           fmt::format(
               "`if-no-files-found: {}` of '{}' is none of error, warn and ignore: the step fails each time",
               *value, shown_),
           "write `if-no-files-found: error`");
    }
  }

  void look_at_path(const std::string& path) {
    const auto patterns = upload_patterns(path, workspace_names(*provider_));
    const auto relative =
        std::find_if(patterns.begin(), patterns.end(), [](const auto& one) { return one.relative; });
    if (relative != patterns.end()) {
      fail("path",
           fmt::format("'{}' has `path: {}`, and the action refuses '.' and '..' within a path: the step "
                       "fails each time",
                       shown_, relative->written),
           "name the place from the workspace, or from `${{ runner.temp }}` or `~`");
      return;
    }
    const bool hidden_left_out = artifact_->hidden_files == false;
    std::vector<const UploadPattern*> never;
    std::size_t including = 0;
    for (const auto& pattern : patterns) {
      if (pattern.excludes) continue;
      ++including;
      if (!pattern.variable.empty() || (hidden_left_out && !pattern.hidden.empty()))
        never.push_back(&pattern);
    }
    if (including == 0) {
      fail("path",
           fmt::format("'{}' has a `path:` of which no line includes anything: it takes nothing{}", shown_,
                       each_time()),
           "name the folder that the evidence is in: `path: build/evidence/`");
      return;
    }
    for (const UploadPattern* pattern : never) {
      const bool by_variable = !pattern->variable.empty();
      const bool alone = never.size() == including;
      fail(pattern->path,
           fmt::format(
               "'{}' {} `{}`: {}{}", shown_, alone && including == 1 ? "takes nothing, for" : "never takes",
               pattern->written,
               by_variable ? fmt::format("no shell reads `path:`, and so `{}` is the name of a folder",
                                         pattern->variable)
               : pattern->hidden == last_part(pattern->path)
                   ? fmt::format("'{}' begins with a dot, and hidden files are left out since v4.4",
                                 pattern->hidden)
                   : fmt::format(
                         "the folder '{}' begins with a dot, and hidden folders are left out since v4.4",
                         pattern->hidden),
               alone ? each_time() : ""),
           by_variable ? "write an expression: `${{ github.workspace }}`, `${{ runner.temp }}`, `${{ "
                         "env.NAME }}`; `~` is the home"
                       : "write `include-hidden-files: true` under `with:` if nothing in it is secret, or "
                         "let the evidence have "
                         "a name without the dot");
    }
  }

  static std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

  // What becomes of a step that finds no file.
  std::string each_time() const {
    return artifact_->if_no_files_found == "error" ? "; the step fails each time" : "; nothing is uploaded";
  }

  Providers providers_;
  UploadPaths paths_;
  std::map<std::pair<std::string, std::int64_t>, Names> names_;
  Report& report_;
  const ci::Artifact* artifact_ = nullptr;  // looked at just now
  const ci::Provider* provider_ = nullptr;
  std::string shown_;
};

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::pair<std::string, Json>> steps;
  for (const ci::Step& step : facts.rows<ci::Step>("WHERE uses IS NOT NULL")) {
    steps[{step.file, step.job, step.position}] = {
        *step.uses, Json::try_parse(step.inputs.value_or("{}")).value_or(Json())};
  }
  Uploads uploads(facts, report);
  for (const ci::Artifact& artifact :
       facts.rows<ci::Artifact>("WHERE direction = 'upload' ORDER BY file, line")) {
    const auto& [uses, inputs] = steps[{artifact.file, artifact.job, artifact.position}];
    uploads.look(artifact, uses, inputs);
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no step uploads an artifact by an action");
}

const Check check{
    .name = "artifact-upload-works",
    .title = "Each upload is one that the action accepts, and takes a file",
    .why =
        "An upload that its action refuses, or that finds no file, leaves no evidence, and often no red "
        "step either: `if-no-files-found` is `warn` by default. Hidden files are left out since v4.4.",
    .domains = {"ci"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
