#include <fmt/core.h>

#include <map>
#include <optional>

#include "harness/asked/answer.h"
#include "harness/asked/example.h"
#include "harness/asked/files_question.h"
#include "harness/asked/message.h"
#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

using asked::FilesQuestion;
using facts::asked::Path;

class Judge {
 public:
  Judge(const Facts& facts, const Parameters& with, Report& report)
      : facts_(facts), with_(with), question_(with), report_(report) {}

  void judge() {
    const auto answer = asked::read_answer(facts_, with_, "path", report_);
    for (const Path& file :
         facts_.rows<Path>("WHERE gate = ? AND example = 0 ORDER BY file", {with_.gate()})) {
      if (question_.must_not_exist) fail(file.file, file, "is tracked, and must not be");
      for (const auto& problem : question_.violations(file)) fail(file.file, file, problem);
      if (question_.must_exist) note_globs(file);
    }
    if (question_.must_exist) judge_globs(answer);
    asked::report_examined(answer.examined, "no tracked file is among those that the gate looks at", with_,
                           report_);
    asked::report_left_out(answer, report_);
  }

 private:
  // Which files a glob matches.
  struct Met {
    bool searched = false;              // one whose content was looked at, or need not be
    std::optional<std::string> unread;  // the first of the others
  };

  void note_globs(const Path& file) {
    const bool unread = question_.asks_content() && !file.matches && !file.equal;
    for (const auto& glob : question_.files.globs()) {
      if (!glob.matches(file.file)) continue;
      auto& met = met_[glob.text()];
      if (!unread) {
        met.searched = true;
      } else if (!met.unread) {
        met.unread = file.file;
      }
    }
  }

  void judge_globs(const asked::Answer& answer) {
    for (const auto& glob : question_.files.globs()) {
      const auto met = met_.find(glob.text());
      if (met != met_.end()) {
        if (!met->second.searched) unsearched(glob.text(), met->second.unread.value_or(""));
        continue;
      }
      if (answer.found > static_cast<std::int64_t>(asked::kMostRows)) {
        throw Undecided(fmt::format("more than {} files: not all of them are kept", asked::kMostRows),
                        "ask about fewer files with 'files' and 'except'");
      }
      fail(glob.text(), Path{.gate = "", .example = false, .file = glob.text(), .mode = ""},
           "is missing: no tracked file matches it");
    }
  }

  // A file is there, and nothing is known of its content: a symbolic link or a picture. What else could not be read is said already.
  void unsearched(const std::string& glob, const std::string& file) {
    for (const auto& known : report_.undecided_findings()) {
      if (known.file == file) return;
    }
    report_.undecided({.key = glob + ": not searched",
                       .file = file,
                       .message = fmt::format("no other file matches {}, and this one is not searched", glob),
                       .hint = "name a text file of the commit in 'files'"});
  }

  void fail(const std::string& key, const Path& file, const std::string& problem) {
    auto message = asked::filled_message(with_, {{"file", file.file},
                                                 {"size", file.size ? std::to_string(*file.size) : ""},
                                                 {"owners", file.owners.value_or("")},
                                                 {"problem", problem}});
    // A finding with a file shows it in front of the message.
    if (message.empty()) message = file.mode.empty() ? fmt::format("{} {}", file.file, problem) : problem;
    report_.fail(
        {.key = key, .file = file.mode.empty() ? "" : file.file, .message = std::move(message), .hint = ""});
  }

  const Facts& facts_;
  const Parameters& with_;
  FilesQuestion question_;
  Report& report_;
  std::map<std::string, Met> met_;  // by the glob's text
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  Judge(facts, with, report).judge();
}

void validate(const Parameters& with) {
  const FilesQuestion question(with);
}

// Where files must be there, that there is none is the counterexample.
std::string counterexample(const Parameters& with, const Json& given) {
  const FilesQuestion question(with);
  if (!given.is_null()) return asked::exchange(with.gate(), given, question.files);
  return question.must_exist ? asked::no_file_found(with.gate()) : "";
}

const Check check{.name = "files",
                  .title = "The tracked files are those that must be there, and are what they must be",
                  .why =
                      "A rule of one's own about which files a repository has, who owns them and what is in "
                      "them, without a rebuild.",
                  .domains = {"asked"},
                  .parameters = asked::files_parameters(),
                  .run = run,
                  .validate = validate,
                  .counterexample = counterexample};
const Registered registered(check);

const ParameterSchema must_schema("files", "must", R"({"enum": ["exist", "not-exist"]})");
const ParameterSchema mode_schema("files", "mode",
                                  R"({"enum": ["executable", "not-executable", "regular"]})");
const ParameterSchema codeowners_schema("files", "codeowners", R"({"enum": ["github", "gitlab", "gitea"]})");
const ParameterSchema owners_schema(
    "files", "owners", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const ParameterSchema size_at_most_schema("files", "size-at-most", R"({"type": ["integer", "string"]})");
const ParameterSchema equals_text_schema("files", "equals-text", R"({"type": "string"})");
const ParameterSchema files_schema(
    "files", "files", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const ParameterSchema except_schema(
    "files", "except", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const CheckExample example(
    "files",
    R"({"type": "object", "properties": {"file": {"type": "string"}, "content": {"type": "string"}, "mode": {"enum": ["regular", "executable", "symlink", "submodule"]}, "size": {"type": "integer"}, "files": {"type": ["object", "array"]}}})",
    R"x(- id: no-keys
  title: No private key is tracked
  check: files
  with: {files: "**/*.{pem,key}", must: not-exist}
  counterexample: {file: deploy/a.pem}
)x");

}  // namespace
}  // namespace exitgate::check
