#include "harness/collect/code/commit_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/settings/dotenv.h"
#include "harness/settings/ini.h"

namespace exitgate::collect::code {

using Start = FileReference::Start;
using Format = FileReference::Format;

namespace {

constexpr std::size_t kSourceLimit = 4U << 20U;
constexpr std::size_t kMostEntries = 10'000;

std::string below(std::string_view folder, std::string_view path) {
  return folder.empty() ? std::string(path) : fmt::format("{}/{}", folder, path);
}

// With ".." and "." worked out; nullopt when it leads out of the repository.
std::optional<std::string> normalized(std::string_view path) {
  std::vector<std::string> parts;
  for (auto& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(std::move(part));
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  return join(parts, "/");
}

// ".env", ".env.test", "local.env"; not those that are copied first.
bool is_named_as_dotenv(std::string_view path) {
  const std::string name = lower(name_of(path));
  if (!name.starts_with(".env") && !name.ends_with(".env")) return false;
  constexpr std::array<std::string_view, 5> kTemplates = {"example", "sample", "template", "dist", "default"};
  return std::none_of(kTemplates.begin(), kTemplates.end(),
                      [&name](std::string_view word) { return name.find(word) != std::string::npos; });
}

// `${OTHER}` alone is a value when OTHER has one, and nothing is none.
bool is_value(std::string_view text) {
  text = trim(text);
  if (text.empty()) return false;
  if (!text.starts_with('$')) return true;
  if (!text.starts_with("${")) return text.find_first_of(":/@") != std::string_view::npos;
  return text.find('}') + 1 != text.size() || text.find(":-") != std::string_view::npos;
}

}  // namespace

CommitFiles::CommitFiles(const Checkout& checkout, const std::vector<const git::TreeEntry*>& files)
    : checkout_(checkout) {
  for (const auto* entry : files) oids_.emplace(entry->path, entry->oid);
}

std::optional<std::string> CommitFiles::read(std::string_view path) {
  const auto known = oids_.find(path);
  if (known == oids_.end()) return std::nullopt;
  if (!objects_) objects_.emplace(checkout_.repository);
  auto object = objects_->read(known->second, kSourceLimit);
  if (!object) return std::nullopt;
  return std::move(object->content);
}

// The folder that the tests of a file are started in: the nearest one that looks like a project's.
std::string CommitFiles::project_of(std::string_view source) const {
  constexpr std::array<std::string_view, 9> kMarks = {"pyproject.toml", "pytest.ini",  "tox.ini",
                                                      "setup.cfg",      "setup.py",    "manage.py",
                                                      "Pipfile",        "poetry.lock", "requirements.txt"};
  for (std::string_view folder = folder_of(source);; folder = folder_of(folder)) {
    for (const auto mark : kMarks) {
      if (has(below(folder, mark))) return std::string(folder);
    }
    if (folder.empty()) return {};
  }
}

std::optional<std::string> CommitFiles::in_folder(const FileReference& reference, std::string_view folder,
                                                  std::string_view path) const {
  if (reference.format == Format::decouple) {
    for (const std::string_view name : {"settings.ini", ".env"}) {
      if (auto file = below(folder, name); has(file)) return file;
    }
    return std::nullopt;
  }
  auto file = normalized(below(folder, path));
  if (!file || !has(*file)) return std::nullopt;
  return file;
}

std::vector<CommitFiles::Candidate> CommitFiles::anywhere(const std::string& path) const {
  std::string_view end = path;
  while (end.starts_with("../")) end.remove_prefix(3);
  std::vector<Candidate> found;
  for (const auto& [file, oid] : oids_) {
    const bool named = end.empty() || end == "*" || end == ".."
                           ? is_named_as_dotenv(file)
                           : glob_match(end, file) || glob_match(fmt::format("*/{}", end), file);
    if (named) found.push_back({file, false});
  }
  return found;
}

std::vector<CommitFiles::Candidate> CommitFiles::candidates(const FileReference& reference,
                                                            std::string_view source) const {
  if (reference.start == Start::anywhere || reference.path.find('*') != std::string::npos)
    return anywhere(reference.path);
  const std::string base =
      reference.start == Start::source ? std::string(folder_of(source)) : project_of(source);
  if (reference.upwards) {
    // Of decouple the path is a folder.
    const bool folder_named = reference.format == Format::decouple;
    const auto first = normalized(below(base, folder_named ? reference.path : folder_of(reference.path)));
    if (!first) return {};
    const auto name = name_of(reference.path);
    for (std::string_view folder = *first;; folder = folder_of(folder)) {
      if (auto file = in_folder(reference, folder, name)) return {{*file, true}};
      if (folder.empty()) return {};
    }
  }
  if (auto file = in_folder(reference, base, reference.path)) return {{*file, true}};
  if (reference.start != Start::working_directory) return {};
  // Perhaps they are started in a folder above or below.
  std::vector<Candidate> found;
  for (std::string_view folder = folder_of(source);; folder = folder_of(folder)) {
    if (auto file = in_folder(reference, folder, reference.path)) found.push_back({*file, false});
    if (folder.empty()) return found;
  }
}

const std::vector<FileValue>& CommitFiles::entries(const std::string& path, bool ini) {
  const auto known = entries_.find(path);
  if (known != entries_.end()) return known->second;
  auto& found = entries_[path];
  const auto text = read(path);
  if (!text) return found;
  const auto add = [&](std::string name, std::string_view value, int line) {
    if (found.size() < kMostEntries)
      found.push_back({std::move(name), fmt::format("{}:{}", path, line), is_value(value)});
  };
  if (ini) {
    const auto file = settings::Ini::parse(*text);
    for (const auto& key : file.keys("settings")) {
      const auto* const value = file.find("settings", key);
      std::string name = key;
      // Options of an INI file are the same in any case; those of the environment are written in capitals.
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
      add(std::move(name), value->text, value->line);
    }
    return found;
  }
  for (auto& entry : settings::parse_dotenv(*text)) {
    if (entry.value) add(std::move(entry.name), *entry.value, entry.line);
  }
  return found;
}

std::vector<FileValue> CommitFiles::values(const FileReference& reference, std::string_view source) {
  std::vector<FileValue> found;
  for (const auto& candidate : candidates(reference, source)) {
    const bool ini = reference.format == Format::ini ||
                     (reference.format == Format::decouple && candidate.path.ends_with(".ini"));
    for (auto value : entries(candidate.path, ini)) {
      value.certain = value.certain && candidate.certain;
      found.push_back(std::move(value));
    }
  }
  return found;
}

}  // namespace exitgate::collect::code
