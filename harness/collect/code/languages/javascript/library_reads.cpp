// Reads of the environment by settings libraries, as far as what is asked of a variable stands in the file.
#include <algorithm>
#include <array>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/code/languages/javascript/environment.h"
#include "harness/collect/code/languages/javascript/outcome.h"

namespace exitgate::collect::code::javascript {

namespace {

constexpr int kDepth = 6;  // of schemas made of schemas

class Libraries {
 public:
  Libraries(const Script& script, const Environments& environments, std::vector<EnvironmentRead>& found)
      : script_(script),
        tree_(script.tree),
        names_(script.names),
        environments_(environments),
        found_(found),
        outcome_(script) {}

  void find() {
    const bool zod = imports("zod") || imports("zod/");
    const bool t3 = imports("@t3-oss/");
    const bool envalid = imports("envalid");
    const bool env_var = imports("env-var");
    const bool convict = imports("convict");
    const bool joi = imports("joi") || imports("@hapi/joi");
    const bool znv = imports("znv");
    const bool nest = imports("@nestjs/config");
    if (!zod && !t3 && !envalid && !env_var && !convict && !joi && !znv && !nest) return;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (convict && tree_.is(id, Kind::pair)) convict_variable(id);
      if (joi && nest && tree_.is(id, Kind::pair) && key_of(script_, id) == "validationSchema")
        schema(tree_.child(id, Field::value), "joi", true);
      if (!tree_.is(id, Kind::call_expression)) continue;
      const Id function = tree_.child(id, Field::function);
      const auto name = last_name(tree_, function);
      const auto given = arguments_of(tree_, id);
      if (given.empty()) continue;
      if (t3 && name == "createEnv") t3_environment(given[0]);
      if (envalid && name == "cleanEnv" && given.size() > 1 && is_environment(given[0]))
        each_variable(given[1], "envalid");
      if (znv && name == "parseEnv" && given.size() > 1 && is_environment(given[0]))
        each_variable(given[1], "znv");
      if (env_var && (name == "get")) env_var_read(id, function, given[0]);
      if (nest) nest_read(id, function, given);
      if (!tree_.is(function, Kind::member_expression) || !is_environment(given[0])) continue;
      const Id object = tree_.child(function, Field::object);
      if (zod && (name == "parse" || name == "parseAsync")) schema(object, "zod", true);
      if (zod && (name == "safeParse" || name == "safeParseAsync")) schema(object, "zod", ends_somewhere());
      if (joi && (name == "validate" || name == "attempt")) {
        const bool attempt = name == "attempt";
        schema(attempt && given.size() > 1 ? given[1] : object, "joi", attempt || ends_somewhere());
      }
    }
  }

 private:
  bool imports(std::string_view module) const { return names_.imports(module); }

  // `process.env`, or an object that is made of it: `{ ...process.env }`.
  bool is_environment(Id value) const {
    value = names_.inner(value);
    if (!environments_.of(value).empty()) return true;
    if (!tree_.is(value, Kind::object)) return false;
    for (const Id member : tree_.children(value)) {
      if (!tree_.is(member, Kind::spread_element)) continue;
      const auto inside = tree_.children(member);
      if (!inside.empty() && !environments_.of(inside[0]).empty()) return true;
    }
    return false;
  }

  // What a safeParse finds is looked at by the program: it ends when it throws or exits somewhere.
  bool ends_somewhere() const {
    tree_.spend(tree_.size());
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::throw_statement) ||
          (tree_.is(id, Kind::expression_statement) && outcome_.ends(id)))
        return true;
    }
    return false;
  }

  void add(Id place, std::string_view variable, std::optional<bool> required, std::string_view reader) {
    if (!seen_.insert(place).second) return;
    EnvironmentRead read;
    read.line = tree_.line(place);
    read.variable = std::string(variable);
    read.required = required;
    read.reader = std::string(reader);
    read.at_import = function_around(tree_, place) == kNoNode;
    found_.push_back(std::move(read));
  }

  // The names of a chain of calls, the last first: "default", "min", "string" of `z.string().min(1).default("a")`; its
  // beginning in `root`.
  std::vector<std::string_view> chain(Id expression, Id& root) const {
    std::vector<std::string_view> calls;
    for (;;) {
      expression = names_.inner(expression);
      if (tree_.is(expression, Kind::call_expression)) {
        expression = tree_.child(expression, Field::function);
      } else if (tree_.is(expression, Kind::member_expression)) {
        calls.push_back(last_name(tree_, expression));
        expression = tree_.child(expression, Field::object);
      } else {
        root = expression;
        return calls;
      }
    }
  }

  static bool has(const std::vector<std::string_view>& calls, std::initializer_list<std::string_view> any) {
    return std::any_of(any.begin(), any.end(), [&](std::string_view one) {
      return std::find(calls.begin(), calls.end(), one) != calls.end();
    });
  }

  // What a schema asks of one variable.
  std::optional<bool> demanded(Id value, std::string_view library, int depth = 0) const {
    value = names_.inner(value);
    Id root = kNoNode;
    const auto calls = chain(value, root);
    if (library == "envalid") {
      if (!tree_.is(value, Kind::call_expression)) return std::nullopt;
      const auto given = arguments_of(tree_, value);
      const Id options = given.empty() ? kNoNode : names_.inner(given.back());
      if (member_of(script_, options, "default") != kNoNode) return false;
      if (member_of(script_, options, "devDefault") != kNoNode) return std::nullopt;  // in production it is
      return true;
    }
    if (library == "joi") {
      if (has(calls, {"default", "optional"})) return false;
      if (has(calls, {"when", "alternatives", "alter", "concat"})) return std::nullopt;
      return has(calls, {"required", "exist"});
    }
    // zod, as @t3-oss/env and znv take it.
    if (calls.empty() || !tree_.is(value, Kind::call_expression)) {
      if (!tree_.is(value, Kind::identifier) || depth > kDepth) return std::nullopt;
      const auto values = names_.values(tree_.text(value));
      return values.size() == 1 ? demanded(values[0], library, depth + 1) : std::nullopt;
    }
    if (has(calls, {"default", "optional", "nullish", "catch", "prefault", "any", "unknown", "undefined"}))
      return false;
    const auto module =
        tree_.is(root, Kind::identifier) ? names_.module_of(tree_.text(root)) : std::string_view();
    const bool of_zod = module == "zod" || module.starts_with("zod/") || module == "znv";
    if (!of_zod) {
      // `url.min(1)` of a schema of this file.
      if (!tree_.is(root, Kind::identifier) || depth > kDepth) return std::nullopt;
      const auto values = names_.values(tree_.text(root));
      return values.size() == 1 ? demanded(values[0], library, depth + 1) : std::nullopt;
    }
    if (has(calls, {"coerce"})) {
      if (has(calls, {"boolean"})) return false;  // of undefined: false
      return has(calls, {"number", "date", "bigint"}) ? std::optional(true) : std::nullopt;
    }
    if (has(calls,
            {"preprocess", "union", "or", "custom", "lazy", "pipe", "intersection", "and", "transform"})) {
      const bool plain = has(calls, {"string", "number", "boolean", "enum", "literal", "url", "coerce"}) &&
                         !has(calls, {"preprocess", "or", "union", "and"});
      return plain ? std::optional(true) : std::nullopt;
    }
    return true;
  }

  void each_variable(Id object, std::string_view library, std::optional<bool> without = true) {
    object = resolved(object);
    if (!tree_.is(object, Kind::object)) return;
    for (const Id member : tree_.children(object)) {
      if (tree_.is(member, Kind::spread_element)) {
        const auto inside = tree_.children(member);
        if (!inside.empty()) each_variable(inside[0], library, without);
        continue;
      }
      const auto key = key_of(script_, member);
      if (key.empty()) continue;
      Id value = tree_.is(member, Kind::pair) ? tree_.child(member, Field::value) : kNoNode;
      if (value == kNoNode) {
        const auto values = names_.values(key);
        if (values.size() == 1) value = values[0];
      }
      // znv: { schema: …, defaults: { _: … } }
      if (library == "znv") {
        const Id inside = names_.inner(value);
        if (const Id schema = member_of(script_, inside, "schema"); schema != kNoNode) {
          const auto asked = demanded(schema, library);
          add(member, key, member_of(script_, inside, "defaults") != kNoNode ? std::optional(false) : asked,
              library);
          continue;
        }
      }
      auto asked = value == kNoNode ? std::nullopt : demanded(value, library);
      if (asked == true) asked = without;
      add(member, key, asked, library);
    }
  }

  Id resolved(Id object) const {
    for (int depth = 0; depth < kDepth; ++depth) {
      object = names_.inner(object);
      if (!tree_.is(object, Kind::identifier)) return object;
      const auto values = names_.values(tree_.text(object));
      if (values.size() != 1) return object;
      object = values[0];
    }
    return object;
  }

  // `z.object({…}).strict()`, `Joi.object({…})`, `base.extend({…})`. `ends`: the program does, when it is not met.
  void schema(Id expression, std::string_view library, bool ends, int depth = 0) {
    std::optional<bool> without = ends ? std::optional(true) : std::nullopt;
    std::vector<Id> objects;
    bool partial = false;
    for (int steps = 0; steps < 20; ++steps) {
      expression = resolved(expression);
      if (!tree_.is(expression, Kind::call_expression)) break;
      const Id function = tree_.child(expression, Field::function);
      const auto name = last_name(tree_, function);
      const auto given = arguments_of(tree_, expression);
      if (name == "object" || name == "strictObject" || name == "looseObject" || name == "extend" ||
          name == "keys" || name == "append") {
        if (!given.empty()) objects.push_back(given[0]);
      } else if (name == "merge" || name == "and") {
        if (!given.empty() && depth < kDepth) schema(given[0], library, ends, depth + 1);
      } else if (name == "partial" || name == "deepPartial") {
        partial = true;
      }
      if (!tree_.is(function, Kind::member_expression)) break;
      expression = tree_.child(function, Field::object);
    }
    if (partial) without = false;
    for (const Id object : objects) each_variable(object, library, without);
  }

  void t3_environment(Id options) {
    options = resolved(options);
    for (const std::string_view part : {"server", "client", "shared"}) {
      const Id object = member_of(script_, options, part);
      if (object != kNoNode) each_variable(object, "@t3-oss/env");
    }
  }

  // `env.get("X").required().asString()`
  void env_var_read(Id call, Id function, Id name) {
    if (!tree_.is(function, Kind::member_expression)) return;
    const Id object = names_.inner(tree_.child(function, Field::object));
    if (!tree_.is(object, Kind::identifier) || names_.module_of(tree_.text(object)) != "env-var") return;
    const auto variable = names_.literal(name);
    if (variable.empty()) return;
    std::optional<bool> required;  // without one it gives undefined
    for (Id at = call;;) {
      const Id member = tree_.parent(at);
      const Id next = tree_.parent(member);
      if (!tree_.is(member, Kind::member_expression) || !tree_.is(next, Kind::call_expression)) break;
      const auto asked = last_name(tree_, member);
      const auto given = arguments_of(tree_, next);
      if (asked == "default") required = false;
      if (asked == "required" && required != false) {
        const bool plain = given.empty() || tree_.is(names_.inner(given[0]), Kind::true_);
        required = plain                                            ? std::optional(true)
                   : tree_.is(names_.inner(given[0]), Kind::false_) ? required
                                                                    : std::nullopt;
      }
      at = next;
    }
    add(call, variable, required, "env-var");
  }

  // `{ format: String, default: "a", env: "X" }`
  void convict_variable(Id pair) {
    if (key_of(script_, pair) != "env") return;
    const auto variable = names_.literal(names_.inner(tree_.child(pair, Field::value)));
    const Id object = tree_.parent(pair);
    const Id other = member_of(script_, object, "default");
    if (variable.empty() || (other == kNoNode && member_of(script_, object, "format") == kNoNode)) return;
    const Kind kind = tree_.kind(names_.inner(other));
    const bool none = other == kNoNode || kind == Kind::null || kind == Kind::undefined;
    add(pair, variable, none ? std::nullopt : std::optional(false), "convict");
  }

  // `configService.get("X")`, `this.config.getOrThrow<string>("X")`
  void nest_read(Id call, Id function, const std::vector<Id>& given) {
    if (!tree_.is(function, Kind::member_expression)) return;
    const auto method = last_name(tree_, function);
    if (method != "get" && method != "getOrThrow") return;
    const auto service = lower(last_name(tree_, names_.inner(tree_.child(function, Field::object))));
    if (service.find("config") == std::string::npos) return;
    const auto variable = names_.literal(names_.inner(given[0]));
    if (!is_variable_name(variable)) return;  // "database.url" is a path in an object
    std::optional<bool> required = outcome_.of(call);
    if (method == "getOrThrow") {
      required = true;
    } else if (given.size() > 1 && !tree_.is(names_.inner(given[1]), Kind::object)) {
      required = false;
    }
    add(call, variable, required, "ConfigService." + std::string(method));
  }

  const Script& script_;
  const Tree& tree_;
  const ScriptNames& names_;
  const Environments& environments_;
  std::vector<EnvironmentRead>& found_;
  Outcome outcome_;
  std::set<Id> seen_;
};

}  // namespace

void find_library_reads(const Script& script, const Environments& environments,
                        std::vector<EnvironmentRead>& found) {
  Libraries(script, environments, found).find();
}

}  // namespace exitgate::collect::code::javascript
