#include "harness/check/providers.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace exitgate::check {

namespace {

// Of a provider that the facts do not know: whatever may be wrong there is.
const ci::Provider& unknown_provider() {
  static const ci::Provider provider{
      .name = "",
      .title = "the CI provider",
      .skipped_job_passes = true,
      .artifact_actions = true,
      .artifacts_by = ci::ProviderArtifactsBy::name,
      .conditions = ci::ProviderConditions::expression,
      .zero_days = ci::ProviderZeroDays::settings,
      .retention_key = "retention",
      .retention_unit = "",
      .retention_hint = "keep it for {days} days",
      .path_key = "path",
      .path_hint = "name the folder that the evidence is in",
      .workspace = "[]",
      .checkout_token = "a token of the run may be left in .git/config",
      .upload_subject = "the step",
      .condition_key = "if",
      .condition_default = "success()",
      .always_hint = "let it run always",
      .ignore_key = "continue-on-error",
      .missing_files_hint = "let it fail when it finds no file",
      .upload_hint = "upload it in the workflow itself",
      .bundle_hint = "let the job that tests always upload '{name}', and keep it for {days} days",
      .run_id = "<run>",
      .job_part = "<job>",
      .pull_request_hint = "let the workflow that runs the tests start on pull requests",
      .unreadable_hint = "fix it, or delete it",
      .invalid_hint = "fix it, or delete it",
  };
  return provider;
}

}  // namespace

std::vector<std::string> Providers::titles() const {
  std::vector<std::string> titles;
  for (const ci::Provider& provider : known_) titles.push_back(provider.title);
  return titles;
}

const ci::Provider* Providers::named(std::string_view name) const {
  const auto found =
      std::find_if(known_.begin(), known_.end(), [&](const ci::Provider& one) { return one.name == name; });
  return found == known_.end() ? nullptr : &*found;
}

Providers::Providers(const Facts& facts) {
  for (const ci::Provider& provider : facts.rows<ci::Provider>("ORDER BY rowid")) known_.push_back(provider);
  for (const Row& row : facts.query("SELECT file, provider FROM ci.workflow "
                                    "UNION ALL SELECT file, provider FROM ci.action_file")) {
    const std::string name = row.text("provider");
    const auto found =
        std::find_if(known_.begin(), known_.end(), [&](const ci::Provider& one) { return one.name == name; });
    if (found == known_.end()) continue;
    of_file_.emplace(row.text("file"), static_cast<std::size_t>(found - known_.begin()));
  }
}

const ci::Provider& Providers::of(const std::string& file) const {
  const auto found = of_file_.find(file);
  return found == of_file_.end() ? unknown_provider() : known_[found->second];
}

const ci::Provider& Providers::of_most() const {
  if (known_.empty()) return unknown_provider();
  const bool one = !of_file_.empty() && std::all_of(of_file_.begin(), of_file_.end(), [&](const auto& file) {
    return file.second == of_file_.begin()->second;
  });
  return one ? known_[of_file_.begin()->second] : known_.front();
}

std::vector<std::string> names_of(const std::optional<std::string>& json) {
  std::vector<std::string> names;
  const auto list = Json::try_parse(json.value_or("[]"));
  if (!list) return names;
  for (const auto& name : list->items()) {
    if (name.is_string()) names.push_back(name.text());
  }
  return names;
}

std::vector<std::string> workspace_names(const ci::Provider& provider) {
  return names_of(provider.workspace);
}

bool is_own_action(const ci::Provider& provider, std::string_view action) {
  // Some providers let an action be named by its URL.
  if (const auto host = action.find("://"); host != std::string_view::npos) {
    action.remove_prefix(std::min(action.find('/', host + 3), action.size() - 1) + 1);
  }
  const auto own = names_of(provider.own_actions);
  return std::find(own.begin(), own.end(), lower(action.substr(0, action.find('/')))) != own.end();
}

std::string fill(std::string_view words,
                 std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string text;
  while (!words.empty()) {
    const auto begin = words.find('{');
    text += words.substr(0, begin);
    if (begin == std::string_view::npos) break;
    words.remove_prefix(begin);
    const auto end = words.find('}');
    const auto name = end == std::string_view::npos ? std::string_view() : words.substr(1, end - 1);
    const auto value = std::find_if(values.begin(), values.end(),
                                    [&](const auto& one) { return !name.empty() && one.first == name; });
    if (value == values.end()) {
      text += '{';
      words.remove_prefix(1);
    } else {
      text += value->second;
      words.remove_prefix(end + 1);
    }
  }
  return text;
}

Retention retention_of(const ci::Provider& provider, const std::optional<std::string>& retention,
                       const std::optional<std::int64_t>& retention_days, std::int64_t least) {
  if (retention_days) {
    if (*retention_days >= least) return Retention::long_enough;
    const bool counts = *retention_days > 0 || provider.zero_days == ci::ProviderZeroDays::deleted;
    return counts ? Retention::too_short : Retention::by_settings;
  }
  if (!retention) return Retention::by_settings;
  return retention == provider.retention_forever ? Retention::long_enough : Retention::not_known;
}

bool runs_after_failure(const ci::Provider& provider, std::string_view condition) {
  const auto text = lower(condition);
  if (provider.conditions == ci::ProviderConditions::keyword) {
    return text == "always" || text == "on_failure";
  }
  // Before every condition that calls none of the four status functions success() is put.
  for (const std::string_view function : {"always()", "failure()", "cancelled()"}) {
    if (text.find(function) != std::string::npos) return true;
  }
  return false;
}

bool runs_always(const ci::Provider& provider, std::string_view condition) {
  if (provider.conditions == ci::ProviderConditions::keyword) return condition == "always";
  return runs_always(condition);
}

}  // namespace exitgate::check
