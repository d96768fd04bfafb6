#include "harness/collect/code/frameworks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "harness/base/path.h"
#include "harness/collect/code/language.h"
#include "harness/facts/tables/code.h"
#include "harness/json/json.h"

namespace exitgate::collect::code {

namespace {

using facts::code::FrameworkEvidence;

// Frameworks by language that a folder's own files show.
using Shown = std::map<std::string, std::set<std::string>>;
using Folders = std::map<std::string, Shown, std::less<>>;

Folders shown_by_folder(const std::vector<const git::TreeEntry*>& files,
                        const std::vector<FileFacts>& results) {
  Folders shown;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const auto& sign : results[i].frameworks) {
      if (sign.evidence != FrameworkEvidence::test)
        shown[std::string(folder_of(files[i]->path))][sign.language].insert(sign.framework);
    }
  }
  return shown;
}

// The one framework that a file may be of, by the nearest folder that shows any such; "" when there is none, or more than one.
std::string framework_near(const Folders& shown, std::string_view path, const std::string& language,
                           bool own_test) {
  for (std::string_view folder = folder_of(path);; folder = folder_of(folder)) {
    std::set<std::string> candidates;
    if (const auto found = shown.find(folder); found != shown.end()) {
      const auto here = found->second.find(language);
      if (here != found->second.end()) candidates = here->second;
    }
    std::erase_if(candidates, [&](const std::string& name) {
      const auto* const framework = find_framework(name);
      return framework == nullptr || !(own_test ? framework->extended : framework->global);
    });
    if (!candidates.empty()) return candidates.size() == 1 ? *candidates.begin() : "";
    if (folder.empty()) return "";
  }
}

void name_tests(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results) {
  const auto shown = shown_by_folder(files, results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    auto& facts = results[i];
    const auto& path = files[i]->path;
    if (facts.test_file && facts.test_file->framework.empty()) {
      const TestFile test = *facts.test_file;
      const auto framework = framework_near(shown, path, test.language, test.own_test);
      if (!framework.empty()) add_test_file(test.language, framework, 0, facts);
    }
    for (auto& hook : facts.hooks) {
      if (!hook.framework.empty()) continue;
      const auto* const language = language_of(path);
      if (facts.test_file) {
        hook.framework = facts.test_file->framework;
      } else if (language != nullptr) {
        hook.framework = framework_near(shown, path, language->name, false);
      }
      if (hook.framework.empty()) hook.framework = "unknown";
    }
  }
}

// "test/setup" for "./setup" in "test/jest.config.js"; "" where it leads out of the repository.
std::string path_at(std::string_view folder, std::string_view written) {
  for (const std::string_view root : {"<rootDir>/", "{projectRoot}/"}) {
    if (written.starts_with(root)) written.remove_prefix(root.size());
  }
  std::string path(folder);
  for (std::size_t start = 0; start <= written.size();) {
    const std::size_t end = std::min(written.find('/', start), written.size());
    const std::string_view part = written.substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (path.empty()) return "";
      path = std::string(folder_of(path));
      continue;
    }
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

void add_named_setups(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results) {
  std::map<std::string_view, std::size_t> by_path;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].setup_exports.empty()) by_path.emplace(files[i]->path, i);
  }
  if (by_path.empty()) return;
  constexpr std::array<std::string_view, 10> kEndings = {"",     ".ts",  ".js",  ".mts",      ".mjs",
                                                         ".cjs", ".cts", ".tsx", "/index.ts", "/index.js"};
  std::set<std::pair<std::size_t, std::string>> done;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const auto& reference : results[i].setup_references) {
      const auto path = path_at(folder_of(files[i]->path), reference.path);
      for (const auto ending : kEndings) {
        const auto found = by_path.find(path + std::string(ending));
        if (found == by_path.end()) continue;
        if (done.emplace(found->second, reference.framework).second) {
          auto& named = results[found->second];
          std::copy_if(named.setup_exports.begin(), named.setup_exports.end(),
                       std::back_inserter(named.hooks),
                       [&](const Hook& hook) { return hook.framework == reference.framework; });
        }
        break;
      }
    }
  }
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void resolve_frameworks(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results) {
  name_tests(files, results);
  add_named_setups(files, results);
}

void write_known_frameworks(facts::Store& store) {
  for (const auto& language : all_languages()) {
    for (const auto& one : language.frameworks) {
      store.insert(facts::code::KnownFramework{.name = one.name,
                                               .language = language.name,
                                               .session_start = or_null(one.session_start),
                                               .start_hint = or_null(one.start_hint),
                                               .session_end = or_null(one.session_end),
                                               .end_hint = or_null(one.end_hint),
                                               .session_fixture = or_null(one.session_fixture),
                                               .fixture_hint = or_null(one.fixture_hint),
                                               .place = or_null(one.place),
                                               .remark = or_null(one.remark),
                                               .run_by = Json(one.run_by).dump()});
    }
  }
}

}  // namespace exitgate::collect::code
