#include "harness/collect/migrations/tools/rails/statements.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/base/error.h"
#include "harness/collect/migrations/tools/rails/operations.h"
#include "harness/collect/migrations/tools/rails/ruby_values.h"

namespace exitgate::collect {

using rails::Call;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

constexpr int kDepth = 200;           // of statements in statements
constexpr int kSteps = 50'000;        // of statements read, those of loops and methods each time
constexpr std::size_t kRounds = 200;  // of one loop

// What a block's parameter is.
struct Role {
  enum class Of { table, new_table, direction } of;
  std::string table = {};
};

class Reader {
 public:
  explicit Reader(const Tree& tree)
      : tree_(tree), methods_(methods_of(tree)), values_(tree, methods_), operations_(values_, statements_) {}

  std::vector<Statement> read() {
    for (const Id error : tree_.errors()) {
      if (!goes_down(error)) undecided(error, "it is not Ruby that can be read");
    }
    for (Id id = 0; id < tree_.size(); ++id) {
      if (binds(id)) variables_.insert(tree_.text(id));
    }
    const auto up = methods_.find("up");
    const auto change = methods_.find("change");
    if (up == methods_.end() && change == methods_.end()) {
      Statement statement;
      statement.kind = "undecided";
      statement.reason = "it has no method `change` or `up`";
      statements_.add(std::move(statement));
    }
    // With both, Active Record calls `change` alone.
    if (change != methods_.end())
      enter(change->second, kNoNode, 0);
    else if (up != methods_.end())
      enter(up->second, kNoNode, 0);
    // A loop, or a method that is called twice, says the same again.
    std::set<std::tuple<int, std::string, std::string, std::string>> said;
    std::vector<Statement> once;
    for (auto& one : statements_.take()) {
      if (said.emplace(one.line, one.kind, one.object, one.text).second) once.push_back(std::move(one));
    }
    return once;
  }

 private:
  // Of the outermost classes: methods of a model inside a migration are not the migration's.
  static rails::Methods methods_of(const Tree& tree) {
    rails::Methods methods;
    for (Id id = 0; id < tree.size(); ++id) {
      if (!tree.is(id, Kind::method) && !tree.is(id, Kind::singleton_method)) continue;
      int classes = 0;
      for (Id at = tree.parent(id); at != kNoNode; at = tree.parent(at)) {
        tree.spend(1);
        if (tree.is(at, Kind::class_)) ++classes;
      }
      const Id name = tree.child(id, Field::name);
      if (classes == 1 && name != kNoNode) methods[std::string(tree.text(name))] = id;
    }
    return methods;
  }

  bool goes_down(Id node) const {
    for (Id at = node; at != kNoNode; at = tree_.parent(at)) {
      if (!tree_.is(at, Kind::method) && !tree_.is(at, Kind::singleton_method)) continue;
      const Id name = tree_.child(at, Field::name);
      return name != kNoNode && tree_.text(name) == "down";
    }
    return false;
  }

  // Whether an identifier is where a variable gets its value.
  bool binds(Id id) const {
    if (!tree_.is(id, Kind::identifier)) return false;
    const Id parent = tree_.parent(id);
    switch (tree_.kind(parent)) {
      case Kind::assignment:
      case Kind::operator_assignment:
        return tree_[id].field == Field::left;
      case Kind::block_parameters:
      case Kind::method_parameters:
        return true;
      default:
        // `|a, (b, c)|`, `=> error`, `a, b = …`, `for x in …`, optional and keyword parameters
        return tree_[id].field == Field::pattern || tree_[id].field == Field::name ||
               (tree_.is(parent, Kind::other) && !tree_.is(tree_.parent(parent), Kind::call));
    }
  }

  void undecided(Id place, std::string reason) {
    Statement statement;
    statement.line = tree_.line(place);
    statement.kind = "undecided";
    const bool call = tree_.is(place, Kind::call) || tree_.is(place, Kind::identifier);
    statement.text = call ? Call(tree_, place).text() : in_one_line(tree_.text(place));
    statement.reason = std::move(reason);
    statements_.add(std::move(statement));
  }

  // `first`: what its first parameter is.
  void method(Id definition, Id call, int depth, std::optional<Role> first = std::nullopt) {
    const Id parameters = tree_.child(definition, Field::parameters);
    std::vector<std::pair<std::string, std::optional<rails::Value>>> given;
    if (parameters != kNoNode && call != kNoNode) {
      const Call made(tree_, call);
      std::size_t position = 0;
      for (const Id parameter : tree_.children(parameters)) {
        if (tree_.is(parameter, Kind::identifier))
          given.emplace_back(tree_.text(parameter), values_.of(made.at(position)));
        ++position;
      }
    }
    values_.enter();
    for (auto& [name, value] : given) values_.assign(name, std::move(value));
    std::map<std::string, Role, std::less<>> roles;
    roles.swap(roles_);
    const auto own = parameters == kNoNode ? std::vector<Id>() : tree_.children(parameters);
    if (first && !own.empty()) roles_[std::string(tree_.text(own[0]))] = std::move(*first);
    const bool conditional = conditional_;
    for (const Id part : tree_.children(definition, Field::body)) statement(part, depth + 1);
    conditional_ = conditional;
    roles_.swap(roles);
    values_.leave();
  }

  // Unless it is being read: it may call itself.
  void enter(Id definition, Id call, int depth, std::optional<Role> first = std::nullopt) {
    if (std::find(open_.begin(), open_.end(), definition) != open_.end()) return;
    open_.push_back(definition);
    method(definition, call, depth, std::move(first));
    open_.pop_back();
  }

  void all(const std::vector<Id>& nodes, int depth) {
    for (const Id node : nodes) statement(node, depth);
  }

  // Of what may be left out.
  void may_run(Id node, int depth) {
    const bool before = std::exchange(conditional_, true);
    statement(node, depth);
    conditional_ = before;
  }

  void statement(Id node, int depth) {
    if (node == kNoNode) return;
    if (depth > kDepth || ++steps_ > kSteps) {
      if (!exhausted_) undecided(node, "it is too deep, or too long, to be read");
      exhausted_ = true;
      return;
    }
    ++depth;
    switch (tree_.kind(node)) {
      case Kind::call:
        call(node, depth);
        return;
      case Kind::identifier:
        if (methods_.count(tree_.text(node)) != 0 || variables_.count(tree_.text(node)) == 0)
          call(node, depth);
        return;
      case Kind::assignment:
      case Kind::operator_assignment:
        assignment(node, depth);
        return;
      case Kind::if_:
      case Kind::unless:
      case Kind::if_modifier:
      case Kind::unless_modifier:
      case Kind::while_:
      case Kind::until:
      case Kind::while_modifier:
      case Kind::until_modifier:
      case Kind::conditional:
      case Kind::elsif:
      case Kind::case_:
      case Kind::when:
        for (const Id part : tree_.children(node)) {
          const Field field = tree_[part].field;
          const bool condition =
              field == Field::condition || (field == Field::value && tree_.is(node, Kind::case_));
          condition ? statement(part, depth) : may_run(part, depth);
        }
        return;
      case Kind::binary:
        statement(tree_.child(node, Field::left), depth);
        may_run(tree_.child(node, Field::right), depth);
        return;
      case Kind::for_:
        for_loop(node, depth);
        return;
      case Kind::rescue:
        may_run(tree_.child(node, Field::body), depth);
        return;
      case Kind::class_:
      case Kind::module:
      case Kind::method:
      case Kind::singleton_method:
      case Kind::singleton_class:
      case Kind::comment:
      case Kind::heredoc_body:
        return;
      case Kind::block_argument: {
        // `orders.each(&:destroy)`
        const Id symbol = tree_.child(node, Kind::simple_symbol);
        if (symbol == kNoNode) all(tree_.children(node), depth);
        if (symbol != kNoNode && !rails::is_harmless_call(tree_.text(symbol).substr(1)))
          undecided(node, fmt::format("`{}` is not an operation that is read", tree_.text(symbol).substr(1)));
        return;
      }
      case Kind::lambda:
        for (const Id part : tree_.children(node, Field::body)) may_run(part, depth);
        return;
      case Kind::super:
        undecided(node, "what the class above it does is not read");
        return;
      case Kind::error:
      case Kind::missing:
        return;  // said already
      default:
        all(tree_.children(node), depth);
        return;
    }
  }

  void assignment(Id node, int depth) {
    const Id left = tree_.child(node, Field::left);
    const Id right = tree_.child(node, Field::right);
    auto value = tree_.is(node, Kind::assignment) && !conditional_ ? values_.of(right) : std::nullopt;
    const bool known = value.has_value();
    if (tree_.is(left, Kind::identifier) || tree_.is(left, Kind::instance_variable))
      values_.assign(tree_.text(left), std::move(value));
    if (!known) statement(right, depth);
    // `order.state = "done"` of a model: written when it is saved.
  }

  void for_loop(Id node, int depth) {
    const Id value = tree_.child(node, Field::value);
    const auto inside = tree_.children(value);
    repeat(inside.size() == 1 ? inside[0] : value, tree_.child(node, Field::pattern),
           tree_.children(node, Field::body), depth);
  }

  // The body for each item of a list that is known, else once.
  void repeat(Id list, Id variable, const std::vector<Id>& body, int depth) {
    const auto items = values_.of(list);
    if (!items) statement(list, depth);
    const bool plain = tree_.is(variable, Kind::identifier);
    if (!items || !items->list || !plain || items->items.size() > kRounds) {
      if (plain) values_.assign(tree_.text(variable), std::nullopt);
      for (const Id part : body) may_run(part, depth);
      return;
    }
    for (const auto& item : items->items) {
      values_.assign(tree_.text(variable), rails::Value{.items = {item}, .line = items->line});
      for (const Id part : body) statement(part, depth);
    }
  }

  // The first parameter of a block, or kNoNode.
  Id parameter_of(Id block) const {
    const auto parameters = tree_.children(tree_.child(block, Field::parameters));
    return parameters.empty() ? kNoNode : parameters[0];
  }

  // Itself, its connection, or that of a model.
  bool is_own(Id receiver) const {
    if (receiver == kNoNode || tree_.is(receiver, Kind::self)) return true;
    const std::string_view text = tree_.text(receiver);
    return text == "connection" || text.ends_with(".connection") || text.ends_with(".lease_connection");
  }

  void block_with(const Call& call, Role role, int depth) {
    const Id parameter = parameter_of(call.block);
    const std::string name(parameter == kNoNode ? "" : tree_.text(parameter));
    const auto before = roles_;
    roles_[name] = std::move(role);
    for (const Id part : tree_.children(call.block, Field::body)) statement(part, depth);
    roles_ = before;
  }

  bool of_a_role(const Call& call, int depth) {
    const auto role = roles_.find(tree_.is(call.receiver, Kind::identifier) ? tree_.text(call.receiver) : "");
    if (call.receiver == kNoNode || role == roles_.end()) return false;
    const Role known = role->second;
    if (known.of == Role::Of::direction) {
      if (call.name == "down") return true;
      if (call.name != "up") return false;
      for (const Id part : tree_.children(call.block, Field::body)) statement(part, depth);
      return true;
    }
    if (known.of == Role::Of::new_table)
      operations_.add_to_new_table(call, known.table);
    else if (!operations_.add_to_table(call, known.table, conditional_))
      undecided(call.id, fmt::format("`{}` is not an operation that is read", call.name));
    return true;
  }

  // Its first argument is SQL.
  static bool runs_sql(const Call& call, bool own) {
    if (call.plain.empty()) return false;
    constexpr std::array<std::string_view, 7> kNames = {
        "execute", "exec_query", "exec_update", "exec_delete", "exec_insert", "exec", "query"};
    constexpr std::array<std::string_view, 3> kOwn = {"update", "delete", "insert"};  // a model has others
    return std::find(kNames.begin(), kNames.end(), call.name) != kNames.end() ||
           (own && std::find(kOwn.begin(), kOwn.end(), call.name) != kOwn.end());
  }

  void call(Id node, int depth) {
    const Call call(tree_, node);
    if (of_a_role(call, depth)) return;
    const bool own = is_own(call.receiver);
    const bool block = call.block != kNoNode;
    if (own && call.name == "reversible" && block) {
      block_with(call, {Role::Of::direction}, depth);
      return;
    }
    if (own && call.name == "reversible" && call.plain.size() == 1) {
      // `reversible(&method(:up_down))`
      const Call given(tree_, tree_.child(call.plain[0], Kind::call));
      const auto named = given.name == "method" && given.plain.size() == 1
                             ? methods_.find(values_.name(given.plain[0]))
                             : methods_.end();
      if (named != methods_.end()) {
        enter(named->second, kNoNode, depth, Role{Role::Of::direction});
        return;
      }
    }
    if (own && call.name == "change_table" && block) {
      block_with(call, {Role::Of::table, values_.name(call.at(0))}, depth);
      return;
    }
    if (call.name.starts_with("select_") && operations_.add_sql(call)) return;
    if (runs_sql(call, own)) {
      if (!operations_.add_sql(call)) undecided(node, "the statement is put together at run time");
      return;
    }
    const auto called = call.receiver == kNoNode || tree_.is(call.receiver, Kind::self)
                            ? methods_.find(call.name)
                            : methods_.end();
    if (called != methods_.end()) {
      parts(call, depth);
      enter(called->second, node, depth);
      return;
    }
    // Of whatever receiver it is called on; but strings can be truncated too.
    if ((own || call.name != "truncate") && operations_.add(call, conditional_)) {
      if (block && (call.name == "create_table" || call.name == "create_join_table")) {
        block_with(call, {Role::Of::new_table, values_.name(call.at(0))}, depth);
      } else if (block && call.name != "drop_table") {
        parts(call, depth);
      }
      return;
    }
    if (rails::is_harmless_call(call.name)) {
      if (block && call.receiver != kNoNode && call.name.starts_with("each")) {
        repeat(call.receiver, parameter_of(call.block), tree_.children(call.block, Field::body), depth);
        return;
      }
      statement(call.receiver, depth);
      parts(call, depth);
      return;
    }
    if (is_attribute(call)) return;
    undecided(node, fmt::format("`{}` is not an operation that is read", call.name));
  }

  // `row.namespace_id` of a variable, `Rails.configuration.generators`: read, as far as the name tells.
  bool is_attribute(const Call& call) const {
    constexpr std::array<std::string_view, 12> kWriting = {"save",  "destroy", "delete",  "update",
                                                           "touch", "drop",    "run",     "call",
                                                           "up",    "change",  "migrate", "perform"};
    Id receiver = call.receiver;
    if (receiver == kNoNode || call.block != kNoNode || !call.plain.empty() || !call.options.empty() ||
        call.name.ends_with("!"))
      return false;
    for (const auto word : kWriting) {
      if (call.name == word || call.name.starts_with(std::string(word) + "_")) return false;
    }
    while (tree_.is(receiver, Kind::call)) {
      const Call above(tree_, receiver);
      if (!above.plain.empty() || above.block != kNoNode || above.name.ends_with("!")) return false;
      receiver = above.receiver;
    }
    if (tree_.is(receiver, Kind::constant)) return tree_.text(receiver) == "Rails";
    return tree_.is(receiver, Kind::identifier) && variables_.count(tree_.text(receiver)) != 0;
  }

  // What a call is given: it may be made by calls as well.
  void parts(const Call& call, int depth) {
    for (const Id argument : call.plain) statement(argument, depth);
    for (const Id option : call.options) statement(tree_.child(option, Field::value), depth);
    if (call.block == kNoNode) return;
    if (const Id variable = parameter_of(call.block); tree_.is(variable, Kind::identifier))
      values_.assign(tree_.text(variable), std::nullopt);
    for (const Id part : tree_.children(call.block, Field::body)) statement(part, depth);
  }

  const Tree& tree_;
  const rails::Methods methods_;
  Statements statements_;
  rails::Values values_;
  rails::Operations operations_;
  std::set<std::string_view> variables_;
  std::map<std::string, Role, std::less<>> roles_;  // of blocks' parameters
  std::vector<Id> open_;                            // methods that are being read
  bool conditional_ = false;
  bool exhausted_ = false;
  int steps_ = 0;
};

std::vector<Statement> unread(std::string reason) {
  Statement statement;
  statement.kind = "undecided";
  statement.reason = std::move(reason);
  return {std::move(statement)};
}

}  // namespace

std::vector<Statement> rails_statements(std::string_view text) {
  const auto tree = Tree::parse(text, syntax::ruby());
  if (!tree) return unread("it takes too long to be read");
  try {
    return Reader(*tree).read();
  } catch (const Undecided&) {
    return unread("it takes too long to be read");
  }
}

}  // namespace exitgate::collect
