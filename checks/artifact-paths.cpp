#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

// What stands for the workspace in a path.
std::vector<std::string> workspace_names(const ci::Provider& provider) {
  std::vector<std::string> names;
  const auto list = Json::try_parse(provider.workspace);
  if (!list) return names;
  for (const auto& name : list->items()) {
    if (name.is_string()) names.push_back(name.text());
  }
  return names;
}

// The path as a person means it: without the workspace in front, `./` and a slash at the end.
std::string plain(std::string_view path, const std::vector<std::string>& workspace) {
  std::string text(trim(path));
  for (const std::string& name : workspace) {
    if (text.starts_with(name)) {
      text.erase(0, name.size());
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

void look(const ci::Artifact& artifact, const ci::Provider& provider, const std::vector<std::string>& allowed,
          Report& report) {
  const auto name = artifact.artifact_name.value_or(artifact.name.value_or("artifact"));
  const auto workspace = workspace_names(provider);
  for (const auto& written : split(*artifact.path, '\n')) {
    const auto path = plain(written, workspace);
    const auto shown = trim(written);
    if (shown.empty() || path.starts_with('!')) continue;
    if (std::find(allowed.begin(), allowed.end(), path) != allowed.end()) continue;
    Finding finding{.key = fmt::format("{}:{}:{}:{}", artifact.file, artifact.job, name, path),
                    .file = artifact.file,
                    .line = artifact.line,
                    .message = "",
                    .hint = ""};
    if (is_everything(path)) {
      finding.message =
          fmt::format("'{}' takes the whole workspace (`{}: {}`), with whatever any step has written there{}",
                      name, provider.path_key, shown,
                      artifact.hidden_files.value_or(false) ? ", and the run's token in .git/config" : "");
      finding.hint = provider.path_hint;
      report.fail(std::move(finding));
      continue;
    }
    const auto found = std::find_if(kSecrets.begin(), kSecrets.end(), [&](const Secret& secret) {
      return glob_match(secret.glob, lower(path));
    });
    if (found == kSecrets.end()) {
      if (has_expression(path))
        report.note(fmt::format("{}:{}: `{}: {}` is known only to the run", artifact.file, artifact.line,
                                provider.path_key, path));
      continue;
    }
    finding.message = fmt::format("'{}' takes `{}`: {}", name, shown,
                                  found->what == kToken ? provider.checkout_token : found->what);
    finding.hint = fmt::format("take `{}` out of `{}:`; who may read the repository may read its artifacts",
                               shown, provider.path_key);
    report.fail(std::move(finding));
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto allowed = with.strings("allow");
  const Providers providers(facts);
  for (const ci::Artifact& artifact :
       facts.rows<ci::Artifact>("WHERE direction = 'upload' AND path IS NOT NULL ORDER BY file, line")) {
    report.examined();
    look(artifact, providers.of(artifact.file), allowed, report);
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
