#include "harness/collect/migrations/chain.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"

namespace exitgate::collect {

Version::Version(std::string_view text) {
  std::string part;
  const auto close = [&] {
    part.erase(0, std::min(part.find_first_not_of('0'), part.size()));
    parts_.push_back(std::move(part));
    part.clear();
  };
  for (const char c : text) {
    if (c == '.' || c == '_') {
      close();
    } else {
      part += c;
    }
  }
  close();
  while (!parts_.empty() && parts_.back().empty()) parts_.pop_back();
}

bool Version::operator<(const Version& other) const {
  for (std::size_t i = 0; i < std::max(parts_.size(), other.parts_.size()); ++i) {
    const std::string_view a = i < parts_.size() ? std::string_view(parts_[i]) : std::string_view();
    const std::string_view b =
        i < other.parts_.size() ? std::string_view(other.parts_[i]) : std::string_view();
    if (a.size() != b.size()) return a.size() < b.size();
    if (a != b) return a < b;
  }
  return false;
}

void add_chain(Environment& environment, std::vector<Numbered> numbered) {
  std::stable_sort(numbered.begin(), numbered.end(), [](const Numbered& a, const Numbered& b) {
    if (a.version == b.version) return a.revision.file < b.revision.file;
    return a.version < b.version;
  });
  const Numbered* before = nullptr;
  for (auto& next : numbered) {
    if (before != nullptr && before->version == next.version) {
      environment.complete = false;
      environment.problems.push_back(
          {next.revision.file, next.revision.line,
           fmt::format("version '{}' is taken twice: also by {}", next.revision.id, before->revision.file)});
      continue;
    }
    if (before != nullptr) next.revision.down = {before->revision.id};
    environment.revisions.push_back(next.revision);
    before = &next;
  }
}

NumberedName split_number(std::string_view name) {
  const std::size_t end = std::min(name.find_first_not_of("0123456789"), name.size());
  if (end == 0) return {"", name};
  std::string_view rest = name.substr(end);
  if (!rest.empty() && (rest.front() == '_' || rest.front() == '-' || rest.front() == '.')) {
    rest.remove_prefix(rest.front() == '.' ? 0 : 1);
  } else if (!rest.empty()) {
    return {"", name};  // "2fa.sql"
  }
  return {name.substr(0, end), rest};
}

std::optional<std::string> title_from(std::string_view name) {
  std::string title(trim(name));
  std::replace(title.begin(), title.end(), '_', ' ');
  std::replace(title.begin(), title.end(), '-', ' ');
  if (title.empty()) return std::nullopt;
  return title;
}

std::string as_number(std::string_view version) {
  version.remove_prefix(std::min(version.find_first_not_of('0'), version.size()));
  return version.empty() ? "0" : std::string(version);
}

std::string without_ending(std::string_view file) {
  return std::string(file.substr(0, file.rfind('.')));
}

bool is_migration_folder(std::string_view folder) {
  const auto parts = split(folder, '/');
  return std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    const std::string word = lower(part);
    return word == "migrations" || word == "migration" || word == "migrate" ||
           (word.size() > 11 && word.compare(word.size() - 11, 11, "_migrations") == 0) ||
           (word.size() > 11 && word.compare(word.size() - 11, 11, "-migrations") == 0);
  });
}

}  // namespace exitgate::collect
