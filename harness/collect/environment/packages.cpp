#include "harness/collect/environment/packages.h"

#include <algorithm>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace exitgate::collect::environment {

namespace {

constexpr std::chrono::seconds kLimit(5);

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

// "requirements.txt", "requirements-dev.txt", "requirements/base.txt", "constraints.txt".
bool is_requirements_file(const std::string& path) {
  if (!path.ends_with(".txt")) return false;
  const std::filesystem::path file(path);
  const std::string name = lower(file.filename().string());
  return name.rfind("requirements", 0) == 0 || name.rfind("constraints", 0) == 0 ||
         name.ends_with("requirements.txt") || file.parent_path().filename() == "requirements";
}

// "name[extra]==1.2 ; python_version < '4'"; nullopt when the line is not a plain requirement.
std::optional<Package> parse_requirement(std::string_view line) {
  line = trim(line);
  std::size_t end = 0;
  while (end < line.size() && is_name_character(line[end])) ++end;
  const std::string_view name = line.substr(0, end);
  if (name.empty() || name[0] == '-' || name[0] == '.') return std::nullopt;
  std::string_view rest = trim(line.substr(end));
  if (!rest.empty() && rest[0] == '[') {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    rest = trim(rest.substr(close + 1));
  }
  rest = trim(rest.substr(0, rest.find(';')));
  rest = trim(rest.substr(0, rest.find(" --")));  // --hash
  if (!rest.empty() && std::string_view("=<>!~@").find(rest[0]) == std::string_view::npos)
    return std::nullopt;
  Package package{"requirements", std::string(name), std::nullopt, std::nullopt, std::nullopt};
  const bool pinned = rest.rfind("==", 0) == 0 && rest.find_first_of(",*") == std::string_view::npos;
  if (pinned) package.version = std::string(trim(rest.substr(rest.rfind("===", 0) == 0 ? 3 : 2)));
  return package;
}

}  // namespace

std::vector<Package> dpkg_packages() {
  std::vector<Package> packages;
  if (!find_program("dpkg-query")) return packages;
  const auto answer =
      run({.arguments = {"dpkg-query", "-W", "-f=${db:Status-Status}\t${Package}\t${Version}\n"},
           .limit = kLimit});
  if (!answer.ok()) return packages;
  for (const auto& line : split(answer.output, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() == 3 && fields[0] == "installed") {
      packages.push_back({"dpkg", fields[1], fields[2], std::nullopt, std::nullopt});
    }
  }
  return packages;
}

std::vector<Package> python_distributions(std::vector<std::filesystem::path> folders) {
  folders.emplace_back("/usr/lib/python3/dist-packages");
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  std::vector<Package> packages;
  for (const auto& folder : folders) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".dist-info") && !name.ends_with(".egg-info")) continue;
      // name-version[-py3.11]: a '-' inside a name is written '_' here
      const auto parts = split(name.substr(0, name.rfind('.')), '-');
      std::optional<std::string> version;
      if (parts.size() > 1) version = parts[1];
      packages.push_back({"pip", parts[0], version, folder.string(), std::nullopt});
    }
  }
  std::sort(packages.begin(), packages.end(), [](const Package& a, const Package& b) {
    return std::tie(a.source, a.name, a.version) < std::tie(b.source, b.name, b.version);
  });
  return packages;
}

std::vector<Package> parse_requirements(std::string_view text, const std::string& file) {
  std::vector<Package> packages;
  std::string logical;
  std::int64_t line_number = 0;
  std::int64_t started = 0;
  for (const auto& physical : split(text, '\n')) {
    ++line_number;
    std::string_view line = trim(physical);
    // A comment starts at the beginning or behind a space: a '#' in a URL is none.
    std::size_t comment = line.rfind('#', 0) == 0 ? 0 : std::min(line.find(" #"), line.find("\t#"));
    line = trim(line.substr(0, comment));
    if (logical.empty()) started = line_number;
    const bool goes_on = !line.empty() && line.back() == '\\';
    if (goes_on) line.remove_suffix(1);
    logical += line;
    if (goes_on) {
      logical += ' ';
      continue;
    }
    if (auto package = parse_requirement(logical)) {
      package->source = file;
      package->line = started;
      packages.push_back(std::move(*package));
    }
    logical.clear();
  }
  return packages;
}

std::vector<Package> declared_packages(const Checkout& checkout) {
  std::vector<Package> packages;
  std::optional<git::Objects> objects;
  for (const auto& entry : checkout.tree) {
    if (entry.type != "blob" || entry.mode == "120000" || !is_requirements_file(entry.path)) continue;
    if (!objects) objects.emplace(checkout.repository);
    const auto blob = objects->read(entry.oid);
    if (!blob) continue;  // the repo facts say which blobs are missing
    auto declared = parse_requirements(blob->content, entry.path);
    packages.insert(packages.end(), std::make_move_iterator(declared.begin()),
                    std::make_move_iterator(declared.end()));
  }
  return packages;
}

}  // namespace exitgate::collect::environment
