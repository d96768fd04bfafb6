#include "harness/asked/code_owners.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::asked {

namespace {

// Words between blanks, of which `\ ` is none; from '#' on it is a comment. `unescape`: whether a backslash is taken off what is
// behind it, whatever that is.
std::vector<std::string> words_of(std::string_view line, bool unescape = false) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size()) {
      if (!unescape && line[i + 1] != ' ' && line[i + 1] != '#') word += c;
      word += line[++i];
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end();
    } else if (c == '#' && word.empty()) {
      break;
    } else {
      word += c;
    }
  }
  end();
  return words;
}

bool segments_match(const std::vector<std::string>& pattern, std::size_t p,
                    const std::vector<std::string>& path, std::size_t s, bool below) {
  if (p == pattern.size()) return s == path.size() || (below && s < path.size());
  if (pattern[p] == "**") {
    for (std::size_t next = s; next <= path.size(); ++next) {
      if (segments_match(pattern, p + 1, path, next, below)) return true;
    }
    return false;
  }
  return s < path.size() && glob_match(pattern[p], path[s]) &&
         segments_match(pattern, p + 1, path, s + 1, below);
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (auto& part : split(path, '/')) {
    if (part.empty() || (part == "**" && !segments.empty() && segments.back() == "**")) continue;
    segments.push_back(std::move(part));
  }
  return segments;
}

std::vector<std::string_view> places_of(OwnersProvider provider) {
  switch (provider) {
    case OwnersProvider::github:
      return {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"};
    case OwnersProvider::gitlab:
      return {"CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"};
    case OwnersProvider::gitea:
      return {"CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"};
  }
  return {};
}

std::optional<OwnersProvider> provider_of(const ReadFile& read) {
  if (read(".github/CODEOWNERS")) return OwnersProvider::github;
  if (read(".gitlab/CODEOWNERS") || read(".gitlab-ci.yml")) return OwnersProvider::gitlab;
  if (read(".gitea/CODEOWNERS")) return OwnersProvider::gitea;
  return std::nullopt;
}

}  // namespace

std::optional<OwnersProvider> owners_provider_named(std::string_view name) {
  if (name == "github") return OwnersProvider::github;
  if (name == "gitlab") return OwnersProvider::gitlab;
  if (name == "gitea") return OwnersProvider::gitea;
  return std::nullopt;
}

std::optional<CodeOwners> CodeOwners::find(std::optional<OwnersProvider> provider, const ReadFile& read) {
  if (!provider) provider = provider_of(read);
  const auto known = provider.value_or(OwnersProvider::github);
  for (const auto place : places_of(known)) {
    if (const auto text = read(place)) return CodeOwners(known, std::string(place), *text);
  }
  return std::nullopt;
}

std::optional<CodeOwners> CodeOwners::find_in_example(std::optional<OwnersProvider> provider,
                                                      const ReadFile& example, const ReadFile& commit) {
  if (!provider) provider = provider_of(commit);
  if (!provider) provider = provider_of(example);
  const auto known = provider.value_or(OwnersProvider::github);
  for (const auto of : {known, OwnersProvider::github, OwnersProvider::gitlab, OwnersProvider::gitea}) {
    for (const auto place : places_of(of)) {
      if (const auto text = example(place)) return CodeOwners(known, std::string(place), *text);
    }
  }
  return std::nullopt;
}

CodeOwners::CodeOwners(OwnersProvider provider, std::string file, std::string_view text)
    : provider_(provider), file_(std::move(file)) {
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto words = words_of(line, provider_ == OwnersProvider::gitea);
    if (words.empty()) continue;
    switch (provider_) {
      case OwnersProvider::github:
        read_github(words, number);
        break;
      case OwnersProvider::gitlab:
        read_gitlab(words, trim(line), number);
        break;
      case OwnersProvider::gitea:
        read_gitea(words, number);
        break;
    }
  }
}

// The rules of .gitignore, without `!` and `[ ]`: such a line is passed over, as GitHub does.
void CodeOwners::read_github(const std::vector<std::string>& words, int line) {
  std::string pattern = words.front();
  if (pattern.starts_with('!') || pattern.find_first_of("[]") != std::string::npos) return;
  Rule rule;
  rule.line = line;
  rule.owners.assign(words.begin() + 1, words.end());
  const auto slash = pattern.find('/');
  const bool anchored = slash != std::string::npos && slash + 1 < pattern.size();
  // `docs/*` is what is in the folder, and nothing below that.
  rule.below = !(pattern.ends_with("/*") && anchored);
  if (pattern.ends_with('/')) pattern += "**/*";
  rule.pattern = segments_of(anchored ? pattern : "**/" + pattern);
  rules_.push_back(std::move(rule));
}

void CodeOwners::read_gitlab(const std::vector<std::string>& words, std::string_view whole, int line) {
  if (whole.starts_with('[') || whole.starts_with("^[")) {
    const std::size_t open = whole.find('[');
    const std::size_t close = whole.find(']', open);
    if (close != std::string_view::npos) {
      const auto name = lower(whole.substr(open + 1, close - open - 1));
      auto rest = whole.substr(close + 1);
      if (rest.starts_with('[')) rest = rest.substr(std::min(rest.find(']'), rest.size() - 1) + 1);
      const auto known = std::find(sections_.begin(), sections_.end(), name);
      section_ = static_cast<std::size_t>(known - sections_.begin());
      if (known == sections_.end()) {
        sections_.push_back(name);
        defaults_.push_back(words_of(rest));
      }
      return;
    }
  }
  Rule rule;
  rule.line = line;
  rule.section = section_;
  std::string pattern = words.front();
  rule.negated = pattern.starts_with('!');
  if (rule.negated) pattern.erase(0, 1);
  rule.owners.assign(words.begin() + 1, words.end());
  if (rule.owners.empty() && !rule.negated) rule.owners = defaults_[section_];
  if (pattern.ends_with('/')) pattern += "**/*";
  rule.pattern = segments_of(pattern.starts_with('/') ? pattern : "**/" + pattern);
  rules_.push_back(std::move(rule));
}

// Go's regular expressions over the whole path; `!` turns one round.
void CodeOwners::read_gitea(const std::vector<std::string>& words, int line) {
  Rule rule;
  rule.line = line;
  std::string pattern = words.front();
  rule.negated = pattern.starts_with('!');
  if (rule.negated) pattern.erase(0, 1);
  rule.owners.assign(words.begin() + 1, words.end());
  try {
    rule.expression.emplace("owners", pattern);
  } catch (const UsageError&) {
    return;  // as Gitea does
  }
  rules_.push_back(std::move(rule));
}

bool CodeOwners::fits(const Rule& rule, const std::vector<std::string>& segments,
                      std::string_view path) const {
  if (rule.expression) return rule.expression->matches_all_of(path) != rule.negated;
  return segments_match(rule.pattern, 0, segments, 0, rule.below);
}

std::optional<CodeOwners::Owned> CodeOwners::in_section(std::size_t section,
                                                        const std::vector<std::string>& segments,
                                                        std::string_view path) const {
  std::optional<Owned> owned;
  for (const auto& rule : rules_) {
    if (rule.section != section || !fits(rule, segments, path)) continue;
    // What is excluded cannot be included again.
    if (rule.negated) return std::nullopt;
    owned = Owned{rule.owners, rule.line};
  }
  return owned;
}

std::optional<CodeOwners::Owned> CodeOwners::of(std::string_view path) const {
  const auto segments = segments_of(path);
  if (provider_ == OwnersProvider::github) return in_section(0, segments, path);
  std::optional<Owned> all;
  const auto add = [&](const Owned& owned) {
    if (!all) all.emplace();
    all->line = std::max(all->line, owned.line);
    for (const auto& owner : owned.owners) {
      if (std::find(all->owners.begin(), all->owners.end(), owner) == all->owners.end())
        all->owners.push_back(owner);
    }
  };
  if (provider_ == OwnersProvider::gitlab) {
    for (std::size_t section = 0; section < sections_.size(); ++section) {
      if (const auto owned = in_section(section, segments, path)) add(*owned);
    }
    return all;
  }
  for (const auto& rule : rules_) {
    if (fits(rule, segments, path)) add({rule.owners, rule.line});
  }
  return all;
}

}  // namespace exitgate::asked
