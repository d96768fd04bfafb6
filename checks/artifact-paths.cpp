#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/check/checkout.h"
#include "harness/check/providers.h"
#include "harness/check/upload_paths.h"
#include "harness/check/upload_patterns.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

// Folders that hold the workspace, or the home of the user that runs it.
constexpr std::array<std::string_view, 14> kOuter = {"/",
                                                     "~",
                                                     "/home",
                                                     "/home/runner",
                                                     "/home/runner/work",
                                                     "/Users",
                                                     "/Users/runner",
                                                     "/Users/runner/work",
                                                     "/github",
                                                     "/github/home",
                                                     "/github/workspace",
                                                     "/__w",
                                                     "${{ runner.workspace }}",
                                                     "${{runner.workspace}}"};
constexpr std::array<std::string_view, 4> kTemporary = {"${{ runner.temp }}", "${{runner.temp}}",
                                                        "/home/runner/work/_temp", "/__w/_temp"};

// The folder that is taken with all that is in it: of `~/**` it is `~`. "": none, or only some of its files.
std::string whole_folder(std::string path) {
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view end : {"/*", "/**"}) {
      if (!path.ends_with(end)) continue;
      path.resize(path.size() - end.size());
      if (path.empty()) path = "/";
      cut = true;
    }
  }
  return path == "*" || path == "**" ? "." : path;
}

// /home/runner/work/REPOSITORY/REPOSITORY is the workspace on GitHub's runners; -1: the path is not in there, else how
// many folders below /home/runner/work it is.
int depth_in_work(std::string_view path) {
  constexpr std::string_view kWork = "/home/runner/work/";
  if (!path.starts_with(kWork)) return -1;
  const auto parts = split(path.substr(kWork.size()), '/');
  if (parts.size() == 1) return 1;
  return parts.size() == 2 && parts[0] == parts[1] ? 2 : -1;
}

enum class Whole { no, workspace, outer, temporary };

Whole whole(const std::string& path) {
  const auto folder = whole_folder(path);
  const auto is_one_of = [&](const auto& list) {
    return std::find(list.begin(), list.end(), folder) != list.end();
  };
  if (is_one_of(kTemporary)) return Whole::temporary;
  if (is_one_of(kOuter) || depth_in_work(folder) == 1) return Whole::outer;
  return folder == "." || depth_in_work(folder) == 2 ? Whole::workspace : Whole::no;
}

// What is known to hold keys and tokens, by glob over the whole path.
struct Secret {
  std::string_view glob;
  std::string_view what;
};
constexpr std::string_view kToken = "";  // the provider says who leaves it there
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

class Paths {
 public:
  Paths(const Facts& facts, const Parameters& with, Report& report)
      : providers_(facts),
        paths_(facts),
        checkouts_(facts),
        allowed_(with.strings("allow")),
        report_(report) {}

  void look(const ci::Artifact& artifact) {
    for (const auto& path : paths_.of(artifact)) look(artifact, path);
  }

 private:
  void look(const ci::Artifact& artifact, const std::string& path) {
    const ci::Provider& provider = providers_.of(artifact.file);
    const auto patterns = upload_patterns(path, workspace_names(provider));
    // What an action takes nothing of gives nothing away: artifact-upload-works has that.
    const bool by_action = provider.artifact_actions && !artifact.action.ends_with("/upload-pages-artifact");
    if (by_action &&
        std::any_of(patterns.begin(), patterns.end(), [](const auto& one) { return one.relative; }))
      return;
    for (const auto& pattern : patterns) {
      if (pattern.excludes) continue;
      if (by_action && !pattern.variable.empty()) continue;
      if (by_action && !pattern.hidden.empty() && artifact.hidden_files == false) continue;
      if (std::find(allowed_.begin(), allowed_.end(), pattern.path) != allowed_.end()) continue;
      look(artifact, provider, pattern);
    }
  }

  void look(const ci::Artifact& artifact, const ci::Provider& provider, const UploadPattern& pattern) {
    const auto name = artifact.artifact_name.value_or(artifact.name.value_or("artifact"));
    const auto& shown = pattern.written;
    Finding finding{.key = fmt::format("{}:{}:{}:{}", artifact.file, artifact.job, name, pattern.path),
                    .file = artifact.file,
                    .line = artifact.line,
                    .message = "",
                    .hint = ""};
    const auto token = checkouts_.token(artifact.file, artifact.job);
    if (const Whole taken = whole(pattern.path); taken != Whole::no) {
      const bool hidden = artifact.hidden_files.value_or(false) && token != CheckoutToken::elsewhere;
      finding.message = fmt::format(
          "'{}' takes {} (`{}: {}`), with whatever {}", name,
          taken == Whole::workspace   ? "the whole workspace"
          : taken == Whole::temporary ? "the runner's temporary folder"
                                      : "a folder that holds the workspace",
          provider.path_key, shown,
          taken == Whole::workspace ? fmt::format("any step has written there{}",
                                                  hidden ? ", and the run's token in .git/config" : "")
          : taken == Whole::temporary
              ? "the runner and actions keep there: the run's token, too, since actions/checkout@v6"
              : "any step has written there and the runner keeps beside it");
      finding.hint = provider.path_hint;
      report_.fail(std::move(finding));
      return;
    }
    const auto found = std::find_if(kSecrets.begin(), kSecrets.end(), [&](const Secret& secret) {
      return glob_match(secret.glob, lower(pattern.path));
    });
    if (found == kSecrets.end()) {
      if (has_expression(pattern.path))
        report_.note(fmt::format("{}:{}: `{}: {}` is known only to the run", artifact.file, artifact.line,
                                 provider.path_key, pattern.path));
      return;
    }
    if (found->what == kToken && token == CheckoutToken::elsewhere) return;
    finding.message = fmt::format("'{}' takes `{}`: {}{}", name, shown,
                                  found->what == kToken ? provider.checkout_token : found->what,
                                  found->what == kToken && token == CheckoutToken::maybe
                                      ? ", unless the commit that it is pinned to is v6 or later"
                                      : "");
    finding.hint = fmt::format("take `{}` out of `{}:`; who may read the repository may read its artifacts",
                               shown, provider.path_key);
    report_.fail(std::move(finding));
  }

  Providers providers_;
  UploadPaths paths_;
  Checkouts checkouts_;
  std::vector<std::string> allowed_;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Paths paths(facts, with, report);
  for (const ci::Artifact& artifact :
       facts.rows<ci::Artifact>("WHERE direction = 'upload' AND path IS NOT NULL ORDER BY file, line")) {
    report.examined();
    paths.look(artifact);
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no step uploads an artifact");
}

const Check check{
    .name = "artifact-paths",
    .title = "No artifact includes a path that could hold secrets",
    .why =
        "Whoever can read a repository can read its artifacts, for weeks. A whole workspace holds what no "
        "one thought of: the token that actions/checkout left in .git/config, a .env file, keys that a step "
        "wrote.",
    .domains = {"ci"},
    .parameters = {{"allow", Parameter::strings, "[]",
                    "paths that are meant so, as written but without `./` and a slash at the end"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
