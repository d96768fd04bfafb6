#include "harness/collect/migrations/statements.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/migrations/code_text.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/tool.h"
#include "harness/facts/tables/migrations.h"

namespace exitgate::collect {

namespace rows = facts::migrations;

namespace {

bool is_sql(const Revision& revision) {
  return ends_with(script_of(revision), ".sql");
}

// Of the text of one migration, as the tool itself reads it, else as SQL.
std::vector<Statement> statements_in(std::string_view text, const Environment& environment,
                                     std::string_view file) {
  const Tool* const tool = find_tool(environment.tool);
  const bool sql = tool != nullptr && !tool->deep && ends_with(std::string(file), ".sql");
  if (tool != nullptr && tool->statements != nullptr && !sql) return tool->statements(text);
  Statements statements;
  if (tool != nullptr && tool->placeholders) {
    add_upgrade(fill_placeholders(text, environment.placeholders), statements, tool);
  } else {
    add_upgrade(text, statements, tool);
  }
  return statements.take();
}

Statement unread(const Revision& revision, std::string reason) {
  Statement statement;
  statement.line = revision.line;
  statement.kind = "undecided";
  statement.text = revision.title.value_or(revision.id);
  statement.reason = std::move(reason);
  return statement;
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

rows::StatementKind kind_of(const Statement& statement) {
  const auto kind = rows::statement_kind_from(statement.kind);
  if (!kind)
    throw Undecided(fmt::format("internal fault: no kind of statement is named '{}'", statement.kind));
  return *kind;
}

bool contains(const std::vector<Statement>& earlier, const Statement& statement) {
  return std::any_of(earlier.begin(), earlier.end(), [&](const Statement& one) {
    return one.kind == statement.kind && one.object == statement.object && one.text == statement.text;
  });
}

// Whether the tool's reader has filled in the statements.
bool has_own_reader(const Tool* tool) {
  return tool != nullptr && tool->deep && tool->statements != nullptr;
}

// Whether a shallow tool's files of another kind than SQL are read.
bool is_read_by_its_text(const Tool* tool) {
  return tool != nullptr && !tool->deep && tool->statements != nullptr;
}

bool is_read(const Environment& environment, const Revision& revision) {
  const Tool* const tool = find_tool(environment.tool);
  return has_own_reader(tool) || is_read_by_its_text(tool) || is_sql(revision);
}

}  // namespace

void read_sql_revisions(Source& source, std::vector<Environment>& environments) {
  for (auto& environment : environments) {
    const Tool* const tool = find_tool(environment.tool);
    if (has_own_reader(tool)) continue;
    for (auto& revision : environment.revisions) {
      if (!is_sql(revision) && !is_read_by_its_text(tool)) continue;
      if (const auto text = source.read(script_of(revision))) {
        revision.statements = statements_in(*text, environment, script_of(revision));
      } else {
        revision.statements = {unread(revision, "its blob is missing from the clone")};
      }
    }
  }
}

Base Base::of(const Checkout& checkout) {
  Base base{compare_with_base(checkout), std::nullopt};
  const auto& commit = base.comparison.merge_base;
  if (commit)
    base.tree.emplace(*commit == checkout.commit ? checkout.tree : checkout.repository.tree(*commit));
  return base;
}

BaseComparison::BaseComparison(const Checkout& checkout, Source& source, Base base, IndexHistory indexes)
    : source_(source),
      repository_(checkout.repository),
      base_(std::move(base)),
      indexes_(std::move(indexes)) {}

std::optional<std::string> BaseComparison::text_at_base(const std::string& file) {
  const auto blob = base_.tree ? base_.tree->blob_at(file) : std::nullopt;
  if (!blob) return std::nullopt;
  if (!objects_) objects_.emplace(repository_);
  const auto object = objects_->read(*blob);
  return object ? std::optional<std::string>(object->content) : std::nullopt;
}

std::optional<bool> BaseComparison::is_new(const Environment& environment, const Revision& revision) {
  if (!base_.tree) return std::nullopt;
  const std::string& file = script_of(revision);
  const Tool* const tool = find_tool(environment.tool);
  const bool by_content = !revision.part.empty() || (tool != nullptr && tool->id_in_file);
  const bool by_number = revision.id.find_first_not_of("0123456789._-") == std::string::npos;
  const std::string oid = source_.oid(file);
  if (by_content ? base_.tree->has_blob(oid) : base_.tree->has_moved(oid, file, by_number)) return false;
  if (revision.part.empty() && same_code_at_base(file)) return false;
  if (revision.part.empty()) return true;
  const auto before = text_at_base(script_of(revision));
  return !before || before->find(trim(revision.part)) == std::string::npos;
}

bool BaseComparison::same_code_at_base(const std::string& file) {
  const auto before = text_at_base(file);
  const auto now = before ? source_.read(file) : std::nullopt;
  return now && without_comments_and_imports(*before) == without_comments_and_imports(*now);
}

std::vector<Statement> BaseComparison::earlier(const Environment& environment, const Revision& revision) {
  const auto text = text_at_base(script_of(revision));
  if (!text) return {};
  return indexes_.decided(environment, revision, statements_in(*text, environment, script_of(revision)));
}

void BaseComparison::write(const Environment& environment, const Revision& revision, facts::Store& store) {
  const std::string& file = script_of(revision);
  const auto whole = is_new(environment, revision);
  auto all = indexes_.decided(environment, revision, revision.statements);
  if (!is_read(environment, revision) && whole.value_or(true))
    all.push_back(unread(revision, environment.tool == "unknown"
                                       ? std::string("migrations of a tool that is not known are not read")
                                       : fmt::format("migrations of {} are not read", environment.tool)));
  if (all.empty()) return;
  const auto before = whole.value_or(false) ? earlier(environment, revision) : std::vector<Statement>();
  for (const auto& one : all) {
    auto is_new_one = whole;
    if (is_new_one) is_new_one = *is_new_one && !contains(before, one);
    store.insert(rows::Statement{.environment = environment.id,
                                 .revision = revision.id,
                                 .file = file,
                                 .line = one.line,
                                 .kind = kind_of(one),
                                 .object = or_null(one.object),
                                 .text = one.text,
                                 .harmless = one.harmless,
                                 .new_ = is_new_one,
                                 .reason = or_null(one.reason)});
  }
}

}  // namespace exitgate::collect
