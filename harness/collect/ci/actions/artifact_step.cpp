#include "harness/collect/ci/actions/artifact_step.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/hidden_files.h"

namespace exitgate::collect::ci::actions {

namespace {

bool is_upload(const ArtifactAction& action) {
  return action.direction == facts::ci::Direction::upload;
}

const ArtifactAction* known_action(std::string_view action, const Dialect& dialect) {
  // Names of owners and repositories ignore case.
  const std::string wanted = lower(action);
  for (const ArtifactAction& known : dialect.artifact_actions) {
    if (plain_action(wanted, dialect) == known.action) return &known;
  }
  return nullptr;
}

// An action's inputs: their names ignore case.
const yaml::Node* input(const yaml::Node* with, std::string_view name) {
  if (with == nullptr) return nullptr;
  if (const yaml::Node* exact = with->find(name)) return exact;
  for (const auto& entry : with->entries) {
    if (entry.key.text.size() == name.size() && lower(entry.key.text) == name) return &entry.value;
  }
  return nullptr;
}

// A number of days as the action reads it: of a string the whole number that it begins with ("30 days"), as
// JavaScript's parseInt() has it; of a YAML number (0x10, 7.5, 1e1) its whole part.
std::optional<std::int64_t> days_of_node(const yaml::Node* node) {
  if (node == nullptr || !node->is_scalar()) return std::nullopt;
  if (node->kind == yaml::Kind::integer) return node->integer;
  constexpr double kMost = 1e9;
  if (node->kind == yaml::Kind::real) {
    if (!(std::abs(node->real) < kMost)) return std::nullopt;
    return static_cast<std::int64_t>(node->real);
  }
  return days_of(node->text);
}

std::optional<std::string> non_empty(std::optional<std::string> text) {
  if (text && trim(*text).empty()) return std::nullopt;
  return text;
}

constexpr std::string_view kPatternSigns = "?[]{}!+@()#\\";

// Whether the version is one of those before `major`; a commit id tells nothing.
bool is_before(const ActionReference& reference, int major) {
  const std::string ref = reference.ref.value_or("");
  int version = 0;
  if (!ref.starts_with('v')) return false;
  const auto [end, error] = std::from_chars(ref.data() + 1, ref.data() + ref.size(), version);
  return error == std::errc() && (end == ref.data() + ref.size() || *end == '.') && version < major;
}

// What an upload is called.
std::optional<std::string> upload_name(const ArtifactAction& action, const Artifact& artifact) {
  if (const auto& archive = artifact.archive; archive && can_upload_unpacked(artifact)) {
    if (archive->find("${{") != std::string::npos) return std::nullopt;
    if (lower(trim(*archive)) == "false") return file_name(artifact.path.value_or(""));
  }
  if (const auto name = non_empty(artifact.name)) return std::string(trim(*name));
  return std::string(action.default_name);
}

// Whether a download asks another run. Without a token, download-artifact looks at nothing but its own run, whatever
// `run-id` and `repository` say.
bool is_other_run(const yaml::Node* with) {
  if (!non_empty(text_of(input(with, "github-token")))) return false;
  if (non_empty(text_of(input(with, "repository")))) return true;
  const auto run = non_empty(text_of(input(with, "run-id")));
  if (!run) return false;
  std::string bare;
  for (const char c : *run) {
    if (c != ' ') bare += c;
  }
  return lower(bare) != "${{github.run_id}}";
}

Artifact read(const ArtifactAction& action, ActionReference reference, const yaml::Node* with,
              const Dialect& dialect) {
  Artifact artifact;
  artifact.direction = action.direction;
  artifact.reference = std::move(reference);
  artifact.name = text_of(input(with, "name"));
  artifact.path = text_of(input(with, "path"));
  artifact.retention = text_of(input(with, "retention-days"));
  artifact.retention_days = days_of_node(input(with, "retention-days"));
  artifact.if_no_files_found = text_of(input(with, "if-no-files-found"));
  artifact.pattern = text_of(input(with, "pattern"));
  artifact.merge_multiple = text_of(input(with, "merge-multiple"));
  artifact.overwrite = text_of(input(with, "overwrite"));
  artifact.artifact_ids = text_of(input(with, "artifact-ids"));
  artifact.archive = text_of(input(with, "archive"));
  artifact.delete_merged = text_of(input(with, "delete-merged"));
  artifact.other_run = !is_upload(action) && is_other_run(with);
  // An empty name is the same as none.
  if (is_upload(action)) {
    artifact.default_name = action.default_name;
    artifact.full_name = upload_name(action, artifact);
    artifact.second_upload = dialect.second_upload(artifact.reference);
    artifact.hidden_files =
        takes_hidden_files(artifact.reference, text_of(input(with, "include-hidden-files")));
    artifact.name_pattern = artifact.full_name ? name_glob(*artifact.full_name) : "*";
  } else if (const auto name = non_empty(artifact.name)) {
    artifact.full_name = std::string(trim(*name));
    artifact.name_pattern = name_glob(*artifact.full_name);
  } else if (const auto pattern = non_empty(artifact.pattern); pattern && reads_pattern(artifact)) {
    const std::string glob = name_glob(trim(*pattern));
    artifact.name_pattern = has_pattern_signs(glob) ? "*" : glob;
  }
  return artifact;
}

}  // namespace

std::optional<std::string> file_name(std::string_view path) {
  path = trim(path);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.substr(i).starts_with("${{")) {
      const std::size_t close = path.find("}}", i);
      if (close == std::string_view::npos) return std::nullopt;
      i = close + 1;
    } else if (path[i] == '/' || path[i] == '\\') {
      begin = i + 1;
    } else if (path[i] == '\n' || path[i] == '*' || kPatternSigns.find(path[i]) != std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (begin >= path.size() || path.substr(begin) == ".") return std::nullopt;
  return std::string(path.substr(begin));
}

bool can_upload_unpacked(const Artifact& artifact) {
  return artifact.is_upload() && artifact.reference.action.ends_with("/upload-artifact") &&
         !is_before(artifact.reference, 7);
}

bool reads_pattern(const Artifact& artifact) {
  return artifact.is_upload() || !is_before(artifact.reference, 4);
}

bool has_pattern_signs(std::string_view pattern) {
  return pattern.find_first_of(kPatternSigns) != std::string_view::npos;
}

std::optional<std::int64_t> days_of(std::string_view text) {
  std::string_view digits = trim(text);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) digits.remove_prefix(2);
  std::int64_t value = 0;
  if (digits.starts_with('-')) return std::nullopt;
  const auto error =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10).ec;
  if (error != std::errc()) return std::nullopt;
  return negative ? -value : value;
}

std::string name_glob(std::string_view text) {
  std::string glob;
  while (true) {
    const std::size_t open = text.find("${{");
    glob += text.substr(0, open);
    if (open == std::string_view::npos) return glob;
    const std::size_t close = text.find("}}", open);
    if (!glob.ends_with('*')) glob += '*';
    if (close == std::string_view::npos) return glob;
    text.remove_prefix(close + 2);
  }
}

std::optional<Artifact> read_artifact(const Step& step, const Dialect& dialect) {
  if (!step.uses) return std::nullopt;
  const yaml::Node* with = step.node->find("with");
  ActionReference own = read_reference(*step.uses);
  if (const ArtifactAction* action = known_action(own.action, dialect))
    return read(*action, std::move(own), with, dialect);

  const auto wrapped = text_of(input(with, "action"));
  if (!wrapped) return std::nullopt;
  ActionReference inner = read_reference(*wrapped);
  const ArtifactAction* action = known_action(inner.action, dialect);
  if (action == nullptr) return std::nullopt;
  // Wrappers take the action's inputs as a YAML text, or pass their own on.
  const auto text = text_of(input(with, "with"));
  if (!text) return read(*action, std::move(inner), with, dialect);
  try {
    const yaml::Node inputs = yaml::parse(*text);
    return read(*action, std::move(inner), &inputs, dialect);
  } catch (const yaml::Problem&) {
    return read(*action, std::move(inner), nullptr, dialect);
  }
}

}  // namespace exitgate::collect::ci::actions
