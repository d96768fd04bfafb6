#include "harness/collect/code/language.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/language_list.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/term_search.h"
#include "harness/collect/code/unread_tests.h"

namespace exitgate::collect::code {

namespace {

// A record, with what is made of it once.
struct Entry {
  Language language;
  std::unique_ptr<TermSearch> words;  // null: none
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> made;
    for (const auto& record : language_list()) {
      Entry entry{record(), nullptr};
      if (!entry.language.words.empty()) entry.words = std::make_unique<TermSearch>(entry.language.words);
      made.push_back(std::move(entry));
    }
    return made;
  }();
  return all;
}

struct Found {
  const Entry* entry = nullptr;
  const FileEnding* ending = nullptr;
};

Found entry_of(std::string_view path) {
  for (const auto& entry : entries()) {
    for (const auto& ending : entry.language.endings) {
      if (path.ends_with(ending.ending)) return {&entry, &ending};
    }
  }
  return {};
}

void parse(const Found& found, const ParsedFile& file, const std::vector<std::uint32_t>& places,
           FileFacts& facts) {
  found.entry->language.find(file, facts);
  // An error matters where it may have spoiled something that could be a fact.
  for (const syntax::Id error : file.tree.errors()) {
    const auto& node = file.tree[file.tree.around(error)];
    const auto first = std::lower_bound(places.begin(), places.end(), node.start);
    if (first == places.end() || *first >= node.end) continue;
    facts.problems.push_back(fmt::format("line {}: does not parse as {}, and facts may be hidden in it",
                                         node.line, found.ending->grammar().name));
    break;
  }
}

void examine_source(const Found& found, std::string_view path, std::string_view content, FileFacts& facts) {
  const auto& language = found.entry->language;
  if (facts.language.empty()) facts.language = found.ending->language;
  if (language.look != nullptr) language.look(path, content, facts);
  if (language.find == nullptr || found.entry->words == nullptr) return;
  std::vector<std::uint32_t> places;
  found.entry->words->each(content, [&](std::size_t, std::size_t offset) {
    places.push_back(static_cast<std::uint32_t>(offset));
  });
  if (places.empty() && !fits_any(language.always, path)) return;
  const auto tree = syntax::Tree::parse(content, found.ending->grammar());
  if (!tree) {
    facts.problems.emplace_back("not read: parsing it takes more than 5 s, or it is nested too deeply");
    return;
  }
  facts.parsed = true;
  parse(found, {path, *tree, {}}, places, facts);
}

}  // namespace

const std::vector<Language>& all_languages() {
  static const std::vector<Language> all = [] {
    std::vector<Language> languages;
    for (const auto& entry : entries()) languages.push_back(entry.language);
    return languages;
  }();
  return all;
}

const Language* language_of(std::string_view path, const FileEnding** ending) {
  const auto found = entry_of(path);
  if (ending != nullptr) *ending = found.ending;
  return found.entry == nullptr ? nullptr : &found.entry->language;
}

const Framework* find_framework(std::string_view name) {
  for (const auto& entry : entries()) {
    for (const auto& framework : entry.language.frameworks) {
      if (framework.name == name) return &framework;
    }
  }
  return nullptr;
}

bool fits(std::string_view pattern, std::string_view path) {
  if (pattern.find('/') == std::string_view::npos) return glob_match(pattern, name_of(path));
  return glob_match(pattern, path) || glob_match("*/" + std::string(pattern), path);
}

bool fits_any(const std::vector<std::string>& patterns, std::string_view path) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits(pattern, path); });
}

void examine_by_records(std::string_view path, std::string_view content, FileFacts& facts) {
  if (is_foreign(path)) return;
  for (const auto& [language, words] : entries()) {
    for (const auto& framework : language.frameworks) {
      if (fits_any(framework.configuration, path))
        facts.frameworks.push_back(
            {framework.name, language.name, 0, facts::code::FrameworkEvidence::configuration});
      if (fits_any(framework.tests, path)) add_test_file(language.name, framework.name, 0, facts);
    }
    if (language.read_manifest != nullptr && fits_any(language.manifests, path))
      language.read_manifest(path, content, facts);
  }
  const auto found = entry_of(path);
  if (found.entry != nullptr) {
    examine_source(found, path, content, facts);
  } else if (const auto unread = unread_test_language(path, content); !unread.empty()) {
    add_test_file(unread, "", 0, facts);
  }
}

void add_test_file(std::string_view language, std::string_view framework, int line, FileFacts& facts) {
  if (!framework.empty()) {
    facts.frameworks.push_back(
        {std::string(framework), std::string(language), line, facts::code::FrameworkEvidence::test});
  }
  if (!facts.test_file) facts.test_file = TestFile{std::string(language), ""};
  if (facts.test_file->framework.empty()) facts.test_file->framework = std::string(framework);
}

}  // namespace exitgate::collect::code
