#include "harness/collect/ci/actions/run_artifact.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/artifact_step.h"

namespace exitgate::collect::ci::actions {

namespace {

using facts::ci::ArtifactInstance;

class Reader {
 public:
  Reader(const SymbolScope& scope, Templates& templates) : scope_(scope), templates_(templates) {}

  // Of an input that is not given, or comes to nothing, nullopt.
  std::optional<Symbol> read(const std::optional<std::string>& text) const {
    if (!text) return std::nullopt;
    Symbol symbol = symbol_of(std::string(trim(*text)), templates_, scope_);
    if (symbol.known() && trim(symbol.text()).empty()) return std::nullopt;
    return symbol;
  }

  // Whether an input says true.
  Truth truth(const std::optional<std::string>& text) const {
    const auto symbol = read(text);
    if (!symbol) return Truth::no;
    if (!symbol->known()) return Truth::unknown;
    return lower(trim(symbol->text())) == "true" ? Truth::yes : Truth::no;
  }

 private:
  const SymbolScope& scope_;
  Templates& templates_;
};

void set_name(const Symbol& name, ArtifactInstance& instance) {
  const std::string text(trim(name.text()));
  if (name.known()) instance.name = text;
  if (name.constant) instance.name_key = text;
  instance.name_pattern = std::string(trim(name.glob()));
}

Symbol literal(std::string_view text) {
  return {.parts = {{true, std::string(text)}}, .constant = true};
}

void set_upload_name(const Artifact& artifact, const Reader& reader, ArtifactInstance& instance) {
  instance.name_pattern = "*";
  if (artifact.archive && can_upload_unpacked(artifact)) {
    const auto archive = reader.read(artifact.archive);
    if (archive && !archive->known()) return;
    if (archive && lower(trim(archive->text())) == "false") {
      const auto path = reader.read(artifact.path);
      if (!path) return;
      const auto file = file_name(path->text());
      if (!file) return;
      // The parts of the path that are left in the file's name.
      Symbol name{.parts = {}, .constant = path->constant};
      std::size_t left = file->size();
      for (auto part = path->parts.rbegin(); part != path->parts.rend() && left > 0; ++part) {
        std::string text = part->text;
        const std::size_t size = part->known ? text.size() : text.size() + 7;  // of "${{  }}"
        if (size > left) text.erase(0, text.size() - std::min(text.size(), left));
        left -= std::min(size, left);
        name.parts.insert(name.parts.begin(), {part->known, std::move(text)});
      }
      set_name(name, instance);
      return;
    }
  }
  const auto name = reader.read(artifact.name);
  if (name) {
    set_name(*name, instance);
  } else if (!artifact.default_name.empty()) {
    set_name(literal(artifact.default_name), instance);
  }
}

// Of a pattern, as a glob that knows no sign but '*'.
std::string plain_glob(const Symbol& pattern) {
  std::string glob = pattern.glob();
  return has_pattern_signs(glob) ? "*" : glob;
}

void set_download_name(const Artifact& artifact, const Reader& reader, ArtifactInstance& instance) {
  if (const auto name = reader.read(artifact.name)) {
    set_name(*name, instance);
    return;
  }
  if (const auto pattern = reader.read(artifact.pattern); pattern && reads_pattern(artifact)) {
    instance.pattern = pattern->text();
    instance.name_pattern = plain_glob(*pattern);
  }
}

void set_retention(const Artifact& artifact, const Reader& reader, ArtifactInstance& instance) {
  const auto retention = reader.read(artifact.retention);
  if (!retention) return;
  instance.retention = retention->text();
  if (!retention->known()) {
    instance.retention_unknown = retention->unknown();
  } else if (instance.retention == artifact.retention) {
    instance.retention_days = artifact.retention_days;
  } else {
    instance.retention_days = days_of(*instance.retention);
  }
}

template <typename Fact>
Fact fact_of(Truth truth) {
  if (truth == Truth::yes) return Fact::yes;
  return truth == Truth::no ? Fact::no : Fact::maybe;
}

}  // namespace

ArtifactInstance artifact_instance(const Artifact& artifact, const SymbolScope& scope, Templates& templates) {
  using facts::ci::ArtifactInstanceDeletesMerged;
  using facts::ci::ArtifactInstanceOverwrite;
  const Reader reader(scope, templates);
  ArtifactInstance instance{};
  instance.direction = artifact.direction;
  instance.other_run = artifact.other_run;
  instance.overwrite = ArtifactInstanceOverwrite::no;
  if (const auto path = reader.read(artifact.path)) instance.path = path->text();
  if (artifact.is_upload()) {
    set_upload_name(artifact, reader, instance);
    set_retention(artifact, reader, instance);
    instance.overwrite = fact_of<ArtifactInstanceOverwrite>(reader.truth(artifact.overwrite));
    instance.second_upload = artifact.second_upload;
  } else {
    set_download_name(artifact, reader, instance);
  }
  if (artifact.is_merge()) {
    const auto pattern = reader.read(artifact.pattern);
    instance.pattern = pattern ? pattern->text() : "*";
    instance.merges = pattern ? plain_glob(*pattern) : "*";
    instance.deletes_merged = fact_of<ArtifactInstanceDeletesMerged>(reader.truth(artifact.delete_merged));
  } else {
    instance.deletes_merged = ArtifactInstanceDeletesMerged::no;
  }
  return instance;
}

}  // namespace exitgate::collect::ci::actions
