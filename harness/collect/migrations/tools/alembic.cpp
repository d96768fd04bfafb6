// Alembic's revisions, from the syntax of their files: nothing of the project runs.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <map>
#include <thread>

#include "harness/base/text.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/migrations/tools/alembic/config.h"
#include "harness/collect/migrations/tools/alembic/statements.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::tools {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

// A module-level variable of a version file.
struct Variable {
  bool given = false;
  int line = 0;
  std::optional<std::vector<std::string>> values;  // nullopt: it cannot be read
};

// None, a string, or a tuple, list or set of strings, as Alembic takes them; "" is as good as None.
std::optional<std::vector<std::string>> strings(const Tree& tree, const Names& names, Id expression,
                                                int depth = 4) {
  expression = syntax::inner(tree, expression);
  if (expression == kNoNode || depth == 0) return std::nullopt;
  if (tree.is(expression, Kind::none)) return std::vector<std::string>();
  if (const auto text = names.constant(expression)) {
    return text->empty() ? std::vector<std::string>() : std::vector<std::string>{*text};
  }
  if (tree.is(expression, Kind::identifier)) {
    const auto values = names.values(expression);
    if (values.size() != 1) return std::nullopt;
    return strings(tree, names, values[0], depth - 1);
  }
  if (!tree.is(expression, Kind::tuple) && !tree.is(expression, Kind::list) &&
      !tree.is(expression, Kind::set) && !tree.is(expression, Kind::expression_list)) {
    return std::nullopt;
  }
  std::vector<std::string> all;
  for (const Id item : tree.children(expression)) {
    const auto text = names.constant(item);
    if (!text) return std::nullopt;
    all.push_back(*text);
  }
  return all;
}

// The last value that the module's own statements give; one given under a condition cannot be told.
Variable variable(const Tree& tree, const Names& names, std::string_view name) {
  Variable found;
  for (Id id = 0; id < tree.size(); ++id) {
    const Kind kind = tree.kind(id);
    if (kind == Kind::function_definition || kind == Kind::class_definition || kind == Kind::lambda) {
      id = tree[id].after - 1;
      continue;
    }
    const bool augmented = kind == Kind::augmented_assignment;
    if (kind != Kind::assignment && !augmented) continue;
    const Id left = tree.child(id, Field::left);
    if (!tree.is(left, Kind::identifier) || tree.text(left) != name) continue;
    Id right = tree.child(id, Field::right);
    if (right == kNoNode) continue;  // `revision: str`
    while (tree.is(right, Kind::assignment)) right = tree.child(right, Field::right);
    // Statement, then module; or a chain `a = b = value`.
    Id statement = tree.parent(id);
    while (tree.is(statement, Kind::assignment)) statement = tree.parent(statement);
    const bool whole = std::none_of(tree.errors().begin(), tree.errors().end(),
                                    [&](Id error) { return error >= id && error < tree[id].after; });
    const bool plain = tree.is(tree.parent(statement), Kind::module) && !augmented && whole;
    found.given = true;
    found.line = tree.line(left);
    found.values = plain ? strings(tree, names, right) : std::nullopt;
    if (!plain) return found;
  }
  return found;
}

// The first paragraph of the module's documentation string, as Alembic shows it.
std::optional<std::string> title_of(const Tree& tree) {
  const auto statements = tree.children(tree.root());
  if (statements.empty() || !tree.is(statements[0], Kind::expression_statement)) return std::nullopt;
  const auto expression = tree.children(statements[0]);
  if (expression.size() != 1 || !tree.is(expression[0], Kind::string)) return std::nullopt;
  std::string_view text = tree.text(expression[0]);
  const std::size_t quote = text.find_first_of("'\"");
  if (quote == std::string_view::npos) return std::nullopt;
  text.remove_prefix(quote);
  const std::size_t length = text.size() >= 6 && text[1] == text[0] && text[2] == text[0] ? 3 : 1;
  if (text.size() < 2 * length) return std::nullopt;
  text = trim(text.substr(length, text.size() - 2 * length));
  std::string title;
  for (const auto& line : split(text, '\n')) {
    const std::string_view part = trim(line);
    if (part.empty()) break;
    if (!title.empty()) title += ' ';
    title += part;
  }
  if (title.empty()) return std::nullopt;
  return title;
}

bool is_version_file(std::string_view path) {
  const std::string_view name = name_of(path);
  return ends_with(name, ".py") && name.rfind(".#", 0) != 0 && name.rfind("__init__", 0) != 0;
}

// What no revision declares, Alembic takes from a name of hexadecimal digits (before 0.2).
std::optional<std::string> id_of_name(std::string_view path) {
  std::string_view name = name_of(path);
  name.remove_suffix(3);
  const bool hex = !name.empty() && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return hex ? std::optional<std::string>(name) : std::nullopt;
}

void read_revision(const std::string& path, std::string_view text, Environment& environment) {
  const auto problem = [&](int line, std::string reason) {
    environment.problems.push_back({path, line, std::move(reason)});
  };
  const auto unreadable = [&](std::optional<int> line, std::string reason) {
    environment.problems.push_back({path, line, std::move(reason)});
    environment.complete = false;
  };
  const auto tree = Tree::parse(text);
  if (!tree) {
    unreadable(std::nullopt, "parsing it takes more than 5 s");
    return;
  }
  const Names names(*tree);
  const Variable id = variable(*tree, names, "revision");
  Revision revision;
  revision.file = path;
  revision.title = title_of(*tree);
  if (id.given) {
    if (!id.values || id.values->size() != 1) {
      unreadable(id.line, "the value of 'revision' cannot be read: it is not a plain string");
      return;
    }
    revision.id = id.values->front();
    revision.line = id.line;
  } else if (auto named = id_of_name(path)) {
    revision.id = *named;
  } else {
    unreadable(1, "no 'revision' is assigned in it: Alembic rejects the whole folder");
    return;
  }
  const auto list = [&](std::string_view name, std::vector<std::string>& into) {
    const Variable given = variable(*tree, names, name);
    if (given.given && given.values) into = *given.values;
    if (given.given && !given.values) {
      problem(
          given.line,
          fmt::format("the value of '{}' cannot be read: it is not a plain string or list of them", name));
    }
    return !given.given || given.values.has_value();
  };
  revision.down_known = list("down_revision", revision.down);
  list("depends_on", revision.depends);
  list("branch_labels", revision.labels);
  for (const Id error : tree->errors()) {
    const auto& node = (*tree)[error];
    const std::string_view swallowed = text.substr(node.start, node.end - node.start);
    if (swallowed.find("revision") == std::string_view::npos &&
        swallowed.find("depends_on") == std::string_view::npos)
      continue;
    problem(static_cast<int>(node.line),
            "does not parse as Python, and a part of its place in the graph may be hidden in it");
    revision.down_known = false;
  }
  Statements statements;
  add_alembic_upgrade(*tree, names, statements);
  revision.statements = statements.take();
  environment.revisions.push_back(std::move(revision));
}

// Side by side, because parsing takes most of the time; in the order of the files.
void read_revisions(Source& source, const std::vector<std::string>& files, Environment& environment) {
  source.read_ahead(files);
  std::vector<std::optional<std::string>> texts;
  texts.reserve(files.size());
  for (const auto& path : files) texts.push_back(source.read(path));
  std::vector<Environment> read(files.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t at = next++; at < files.size(); at = next++) {
      if (texts[at]) {
        read_revision(files[at], *texts[at], read[at]);
      } else {
        read[at].problems.push_back({files[at], std::nullopt, "its blob is missing from the clone"});
        read[at].complete = false;
      }
    }
  };
  constexpr std::size_t kWorthAThread = 8;  // files
  const std::size_t most = std::min<std::size_t>(4, std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < most && i * kWorthAThread < files.size(); ++i) {
    others.push_back(std::async(std::launch::async, work));
  }
  work();
  for (auto& other : others) other.get();
  for (auto& one : read) {
    environment.complete = environment.complete && one.complete;
    std::move(one.revisions.begin(), one.revisions.end(), std::back_inserter(environment.revisions));
    std::move(one.problems.begin(), one.problems.end(), std::back_inserter(environment.problems));
  }
}

// depends_on may name a branch, or an id by its beginning.
void resolve_depends(Environment& environment) {
  std::map<std::string, std::string, std::less<>> by_label;
  for (const auto& revision : environment.revisions) {
    for (const auto& label : revision.labels) by_label.emplace(label, revision.id);
  }
  for (auto& revision : environment.revisions) {
    for (auto& parent : revision.depends) {
      const auto label = by_label.find(parent);
      if (label != by_label.end()) parent = label->second;
    }
  }
}

// Version files below the usual folder that no setting names: env.py or a program must be choosing among them.
void left_out(Source& source, AlembicEnvironment& declared) {
  for (const auto& folder : declared.locations) {
    std::string first;
    std::size_t count = 0;
    for (const auto& path : source.files_in(folder, true)) {
      if (folder_of(path) == folder || !is_version_file(path)) continue;
      const auto text = source.read(path);
      if (!text || text->find("down_revision") == std::string::npos) continue;
      if (count++ == 0) first = path;
    }
    if (count == 0) continue;
    declared.environment.complete = false;
    declared.environment.problems.push_back(
        {first, std::nullopt,
         fmt::format("{} below {}, which no version_locations name: which of them count cannot be told",
                     count_of(count, "version file"), folder)});
  }
}

// The table that env.py gives context.configure(version_table=…, version_table_schema=…); "" for Alembic's own default. An
// expression that cannot be read stands there in braces: no table has such a name, so the database is not said to be
// anywhere by another table.
std::string version_table(Source& source, const std::string& location) {
  const auto path = join_path(location, "env.py");
  const auto text = path ? source.read(*path) : std::nullopt;
  if (!text || text->find("version_table") == std::string::npos) return "";
  const auto tree = Tree::parse(*text);
  if (!tree) return "";
  const Names names(*tree);
  std::string table;
  std::string schema;
  for (Id id = 0; id < tree->size(); ++id) {
    if (!tree->is(id, Kind::keyword_argument)) continue;
    const auto name = tree->text(tree->child(id, Field::name));
    if (name != "version_table" && name != "version_table_schema") continue;
    const Id given = syntax::inner(*tree, tree->child(id, Field::value));
    if (tree->is(given, Kind::none)) continue;
    const std::string value =
        names.constant(given).value_or(fmt::format("{{{}}}", tree->flat_text(given, 60)));
    (name == "version_table" ? table : schema) = value;
  }
  if (schema.empty()) return table;
  return fmt::format("{}.{}", schema, table.empty() ? "alembic_version" : table);
}

void find(Source& source, std::vector<Environment>& found) {
  for (auto& declared : alembic_environments(source)) {
    auto& environment = declared.environment;
    std::vector<std::string> files;
    for (const auto& folder : declared.locations) {
      for (auto& path : source.files_in(folder, declared.recursive)) {
        if (is_version_file(path)) files.push_back(std::move(path));
      }
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    read_revisions(source, files, environment);
    if (!declared.declared && !declared.recursive) left_out(source, declared);
    resolve_depends(environment);
    environment.version_table = version_table(source, environment.location);
    for (auto& problem : environment.problems) {
      problem.unread = problem.file &&
                       std::none_of(environment.revisions.begin(), environment.revisions.end(),
                                    [&](const Revision& revision) { return revision.file == *problem.file; });
    }
    found.push_back(std::move(environment));
  }
}

std::vector<Statement> statements_in(std::string_view text) {
  Statements statements;
  if (const auto tree = Tree::parse(text)) add_alembic_upgrade(*tree, Names(*tree), statements);
  return statements.take();
}

}  // namespace

std::vector<Tool> alembic() {
  return {{
      .name = "alembic",
      .deep = true,
      .find = find,
      .statements = statements_in,
      .id_in_file = true,
      .tables = {"alembic_version"},
      .state = "SELECT version_num FROM {table}",
      .state_is_implicit = true,
      .up = "alembic upgrade head",
      .down = "alembic downgrade base",
      .step = "alembic downgrade -1",
      .list = "alembic heads && alembic history",
      .models = "alembic check",
      .commands = {"alembic upgrade", "flask db upgrade"},
      .driver = Driver{.program = "alembic",
                       .migrate = "upgrade",
                       .up = "upgrade {revision}",
                       .down = "downgrade {revision}-1",
                       .base = "downgrade base",
                       .current = "current",
                       .heads = "heads",
                       .history = "history"},
      .default_config = "alembic.ini",
      .after_merge = {.changed = "Alembic keeps no checksum and never notices",
                      .removed = "a database that is at it stops with `Can't locate revision`",
                      .overtaken = "Alembic never applies it where its child is applied already"},
      .up_part = "upgrade()",
      .down_part = "downgrade()",
      .create = "alembic revision -m \"...\"",
      .join = "join them: `alembic merge heads -m \"merge\"`",
  }};
}

}  // namespace exitgate::collect::tools
