#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/base/text.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

// The path as a person means it: without the workspace in front, `./` and a slash at the end.
std::string plain(std::string_view path) {
  std::string text(trim(path));
  for (const std::string_view workspace :
       {"${{ github.workspace }}", "${{github.workspace}}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}",
        "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}"}) {
    if (text.starts_with(workspace)) {
      text.erase(0, workspace.size());
      if (text.starts_with('/')) text.erase(0, 1);
      if (text.empty()) text = ".";
      break;
    }
  }
  while (text.starts_with("./")) text.erase(0, 2);
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text.empty() ? "." : text;
}

bool is_everything(const std::string& path) {
  constexpr std::array<std::string_view, 10> kAll = {".", "*", "**",   "**/*",         "**/**",
                                                     "/", "~", "~/**", "/home/runner", "/github/workspace"};
  return std::find(kAll.begin(), kAll.end(), path) != kAll.end();
}

// What is known to hold keys and tokens, by glob over the whole path.
struct Secret {
  std::string_view glob;
  std::string_view what;
};
constexpr std::string_view kToken = "actions/checkout leaves the run's token in .git/config";
constexpr std::array<Secret, 22> kSecrets = {{
    {".git", kToken},
    {".git/*", kToken},
    {"*/.git", kToken},
    {"*/.git/*", kToken},
    {".env*", "it is where programs are told their secrets"},
    {"*/.env*", "it is where programs are told their secrets"},
    {"*.pem", "it is how private keys are kept"},
    {"*.key", "it is how private keys are kept"},
    {"*.p12", "it is how private keys are kept"},
    {"*.pfx", "it is how private keys are kept"},
    {"*id_rsa*", "it is how private keys are kept"},
    {"*id_ed25519*", "it is how private keys are kept"},
    {"*.npmrc", "it holds the registry's token"},
    {"*.pypirc", "it holds the registry's password"},
    {"*.netrc", "it holds passwords"},
    {"*.aws*", "it holds the cloud's keys"},
    {"*.kube*", "it holds the cluster's keys"},
    {"*.docker*", "it holds the registry's password"},
    {"*.ssh*", "it holds private keys"},
    {"*credentials*.json", "it holds the cloud's keys"},
    {"*kubeconfig*", "it holds the cluster's keys"},
    {"*.tfstate*", "Terraform writes every secret that it knows into its state"},
}};

// upload-artifact leaves hidden files out since v4.4, unless it is told otherwise.
bool takes_hidden_files(const std::string& ref, const std::string& pin, const std::string& asked) {
  if (lower(asked) == "true") return true;
  if (pin == "sha") return false;  // its version is not in the facts; a pin that old is retired by now
  std::string_view version = ref;
  if (version.starts_with('v')) version.remove_prefix(1);
  int major = 0;
  int minor = -1;
  const auto [end, failed] = std::from_chars(version.data(), version.data() + version.size(), major);
  if (failed != std::errc()) return false;
  if (end != version.data() + version.size() && *end == '.') {
    std::from_chars(end + 1, version.data() + version.size(), minor);
  }
  return major < 4 || (major == 4 && minor >= 0 && minor < 4);
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto allowed = with.strings("allow");
  for (const Row& row : facts.query(
           "SELECT a.file, a.line, a.job, coalesce(a.artifact_name, a.name, 'artifact'), a.path, "
           "coalesce(a.ref, ''), a.pin, "
           "  coalesce(json_extract(s.inputs, '$.\"include-hidden-files\"'), ''), a.file IN " +
           kGitLabFiles +
           " "
           "FROM ci.artifact a LEFT JOIN ci.step s ON s.file = a.file AND s.job = a.job AND s.position = "
           "a.position "
           "WHERE a.direction = 'upload' AND a.path IS NOT NULL ORDER BY a.file, a.line")) {
    report.examined();
    const auto name = row.text(3);
    const bool gitlab = row.boolean(8);
    const bool hidden = takes_hidden_files(row.text(5), row.text(6), row.text(7));
    for (const auto& written : split(row.text(4), '\n')) {
      const auto path = plain(written);
      if (trim(written).empty() || path.starts_with('!')) continue;
      if (std::find(allowed.begin(), allowed.end(), path) != allowed.end()) continue;
      const auto key = fmt::format("{}:{}:{}:{}", row.text(0), row.text(2), name, path);
      if (is_everything(path)) {
        report.fail(
            {key, row.text(0), row.integer(1),
             fmt::format(
                 "'{}' takes the whole workspace (`{}: {}`), with whatever any step has written there{}",
                 name, gitlab ? "paths" : "path", trim(written),
                 hidden ? ", and the run's token in .git/config" : ""),
             gitlab ? "name the folder that the evidence is in: `paths: [build/evidence/]`"
                    : "name the folder that the evidence is in: `path: build/evidence/`"});
        continue;
      }
      const auto found = std::find_if(kSecrets.begin(), kSecrets.end(), [&](const Secret& secret) {
        return glob_match(secret.glob, lower(path));
      });
      if (found == kSecrets.end()) {
        if (has_expression(path))
          report.note(fmt::format("{}:{}: `{}: {}` is known only to the run", row.text(0), row.integer(1),
                                  gitlab ? "paths" : "path", path));
        continue;
      }
      report.fail(
          {key, row.text(0), row.integer(1),
           fmt::format("'{}' takes `{}`: {}", name, trim(written),
                       gitlab && found->what == kToken ? "the runner leaves the job's token in .git/config"
                                                       : found->what),
           fmt::format("take `{}` out of `{}:`; who may read the repository may read its artifacts",
                       trim(written), gitlab ? "paths" : "path")});
    }
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no step uploads an artifact");
}

const Check check{
    .name = "artifact-paths",
    .title = "No artifact takes a path that could hold secrets",
    .why =
        "Whoever can read a repository can read its artifacts, for weeks. A whole workspace holds what no "
        "one thought "
        "of: the token that actions/checkout left in .git/config, a .env file, keys that a step wrote.",
    .domains = {"ci"},
    .parameters = {{"allow", Parameter::strings, "[]",
                    "paths that are meant so, as written but without `./` and a slash at the end"}},
    .run = run};
const Registered registered(check);

}  // namespace
