#include "harness/expression/abstract.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/expression/evaluate.h"

namespace exitgate::expression {
namespace {

// github: event_name known, ref begins with "refs/pull/", event an object, the rest unknown; no other context.
PartialContexts pull_request() {
  PartialObject github;
  github.members["EVENT_NAME"] = Value("pull_request");
  github.members["REF"] = Possible::text("refs/pull/", "/merge");
  PartialObject event;
  event.members["SCHEDULE"] = Value();
  github.members["EVENT"] = Possible::object(std::move(event));
  PartialContexts contexts;
  contexts.named.members["GITHUB"] = Possible::object(std::move(github));
  contexts.named.others = Value();
  const auto need = [](Possible result) {
    PartialObject one;
    one.members["RESULT"] = std::move(result);
    return Possible::object(std::move(one));
  };
  PartialObject needs;
  needs.others = Value();
  needs.members["A"] = need(Value("success"));
  needs.members["B"] = need(Possible::one_of({Value("success"), Value("skipped")}));
  contexts.named.members["NEEDS"] = Possible::object(std::move(needs));
  return contexts;
}

std::string_view truth_name(Truth truth) {
  return truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "unknown";
}

TEST(Abstract, AsksTheContextsBehindForWhatTheFirstDoNotHave) {
  const PartialContexts behind = pull_request();
  PartialContexts contexts = in_front_of(behind);
  contexts.status.failure = Truth::unknown;
  PartialObject needs;
  needs.others = Value();
  contexts.named.members["NEEDS"] = Possible::object(std::move(needs));
  const auto truth = [](std::string_view text, const PartialContexts& in) {
    return truth_name(abstract(parse(text), in).truth());
  };
  EXPECT_EQ(truth("github.event_name == 'pull_request'", contexts), "yes") << "of those behind";
  EXPECT_EQ(truth("needs.a.result == 'success'", contexts), "no") << "the first that has the context";
  EXPECT_EQ(truth("needs.a.result == 'success'", behind), "yes") << "which stays as it is";
  EXPECT_EQ(truth("matrix.x == 'x'", contexts), "no") << "nobody has it: what the last says of others";
  EXPECT_EQ(truth("failure()", contexts), "unknown");
  EXPECT_EQ(truth("failure()", behind), "no");
}

TEST(Abstract, KnowsWhichContextsAnExpressionNames) {
  EXPECT_TRUE(names_context(parse("always() && (steps.a.outcome == 'x' || env.B)"), "env"));
  EXPECT_TRUE(names_context(parse("fromJSON(toJSON(Steps))['a']"), "steps"));
  EXPECT_TRUE(names_context(parse("matrix[env.KEY]"), "env"));
  EXPECT_FALSE(names_context(parse("github.env == 'env'"), "env"));
}

TEST(Abstract, DecidesWhatTheKnownPartsDecide) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"github.event_name == 'pull_request'", "yes"},
      {"github.event_name != 'pull_request'", "no"},
      {"github.event_name == 'push' || github.actor == 'x'", "unknown"},
      {"github.event_name == 'push' && github.actor == 'x'", "no"},
      {"github.event_name == 'pull_request' || github.actor == 'x'", "yes"},
      {"github.ref == 'refs/heads/main'", "no"},
      {"github.ref != 'refs/heads/main'", "yes"},
      {"startsWith(github.ref, 'refs/tags/')", "no"},
      {"startsWith(github.ref, 'refs/')", "yes"},
      {"startsWith(github.ref, 'refs/pull/7')", "unknown"},
      {"contains(github.ref, 'pull')", "yes"},
      {"endsWith(github.ref, '/merge')", "yes"},
      {"endsWith(github.ref, '/main')", "no"},
      {"github.ref == 'refs/pull/1/head'", "no"},
      {"github.ref == 'refs/pull/merge'", "no"},
      {"contains(needs.*.result, 'failure')", "no"},
      {"contains(needs.*.result, 'skipped')", "unknown"},
      {"contains(needs.*.result, 'success')", "yes"},
      {"contains(join(needs.*.result, ','), 'x')", "unknown"},
      {"contains(fromJSON('[\"push\", \"pull_request\"]'), github.event_name)", "yes"},
      {"contains(github.event.pull_request.labels.*.name, 'x')", "unknown"},
      {"github.event.schedule == '0 0 * * *'", "no"},
      {"github.event.schedule", "no"},
      {"github.event", "yes"},
      {"github.event.number", "unknown"},
      {"!github.event_name", "no"},
      {"inputs.anything", "no"},
      {"inputs.anything == ''", "yes"},
      {"(github.actor && 'a' || 'b') == 'c'", "no"},
      {"(github.actor && 'a' || 'b') != ''", "yes"},
      {"format('x-{0}', github.actor) == 'y'", "no"},
      {"format('{0}-{1}', github.event_name, 1) == 'pull_request-1'", "yes"},
      {"always()", "yes"},
      {"failure()", "no"},
      {"success() && !cancelled()", "yes"},
      {"toJSON(github.actor)", "yes"},
      {"case(github.event_name == 'push', 'a', github.actor == 'b', 'c', 'd') == 'a'", "no"},
  };
  for (const auto& [expression, wanted] : cases) {
    EXPECT_EQ(truth_name(abstract(parse(expression), pull_request()).truth()), wanted) << expression;
  }
}

// Whether `possible` allows for `value`.
bool allows(const Possible& possible, const Value& value) {
  switch (possible.kind()) {
    case Possible::Kind::values:
      for (const Value& one : possible.values()) {
        if (one.same(value)) return true;
        if (one.kind() == value.kind() && !one.is_primitive() && to_json(one) == to_json(value)) return true;
        if (one.kind() == ValueKind::number && value.kind() == ValueKind::number &&
            std::isnan(one.number()) && std::isnan(value.number())) {
          return true;
        }
      }
      return false;
    case Possible::Kind::text:
      return value.kind() == ValueKind::string && value.text().starts_with(possible.prefix()) &&
             value.text().ends_with(possible.suffix()) &&
             value.text().size() >= possible.prefix().size() + possible.suffix().size();
    case Possible::Kind::items:
      if (value.kind() != ValueKind::array || value.array().items.size() != possible.parts().size())
        return false;
      for (std::size_t i = 0; i < possible.parts().size(); ++i) {
        if (!allows(possible.parts()[i], value.array().items[i])) return false;
      }
      return true;
    case Possible::Kind::object:
      return value.kind() == ValueKind::object;
    case Possible::Kind::truthy:
      return value.truthy();
    case Possible::Kind::anything:
      return true;
  }
  return false;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool chance(std::size_t in) { return below(in) == 0; }

  Value primitive() {
    switch (below(9)) {
      case 0:
        return {};
      case 1:
        return Value(chance(2));
      case 2:
        return Value(static_cast<double>(below(3)) - 1);
      case 3:
        return Value(std::nan(""));
      case 4:
        return Value("");
      case 5:
        return Value(chance(2) ? "1" : " 0 ");
      case 6:
        return Value(chance(2) ? "abc" : "ABC");
      case 7:
        return Value(chance(2) ? "abcd/ef" : "ς");
      default:
        return Value(chance(2) ? "true" : "refs/pull/1");
    }
  }

  Value value(int depth) {
    if (depth == 0 || !chance(3)) return primitive();
    if (chance(2)) {
      Array array;
      for (std::size_t i = below(3); i > 0; --i) array.items.push_back(value(depth - 1));
      return Value(std::move(array));
    }
    Object object;
    for (const char* name : {"x", "y"}) {
      if (chance(2)) object.members.emplace_back(name, value(depth - 1));
    }
    return Value(std::move(object));
  }

  // What could be known of `value` beforehand.
  Possible knowledge(const Value& value) {
    switch (below(6)) {
      case 0:
        return value;
      case 1:
        return Possible::one_of({value, primitive(), primitive()});
      case 2:
        if (value.kind() == ValueKind::string && value.text() != "ς") {
          const std::size_t length = below(value.text().size() + 1);
          const std::size_t rest = below(value.text().size() - length + 1);
          return Possible::text(value.text().substr(0, length),
                                value.text().substr(value.text().size() - rest));
        }
        return value.truthy() ? Possible::truthy() : Possible::anything();
      case 3:
        if (value.kind() == ValueKind::object) {
          PartialObject partial;
          if (chance(2)) {  // all of it, in a way
            partial.others = Value();
            for (const auto& [name, member] : value.object().members) {
              partial.members[upper(name)] = knowledge(member);
            }
            return Possible::object(std::move(partial));
          }
          for (const auto& [name, member] : value.object().members) {
            if (chance(2)) partial.members[upper(name)] = knowledge(member);
          }
          return Possible::object(std::move(partial));
        }
        return Possible::anything();
      case 4:
        return value.truthy() ? Possible::truthy() : Possible::anything();
      default:
        return Possible::anything();
    }
  }

  std::string expression(int depth) {
    if (depth == 0 || chance(6)) return leaf();
    const auto part = [&] { return expression(depth - 1); };
    switch (below(14)) {
      case 0:
        return "(" + part() + " && " + part() + " && " + part() + ")";
      case 1:
      case 2:
        return "(" + part() + " && " + part() + ")";
      case 3:
      case 4:
        return "(" + part() + " || " + part() + ")";
      case 5:
        return "!(" + part() + ")";
      case 6:
      case 7: {
        constexpr const char* kOperations[] = {"==", "!=", "<", "<=", ">", ">="};
        return "(" + part() + " " + kOperations[below(6)] + " " + part() + ")";
      }
      case 8: {
        constexpr const char* kFunctions[] = {"contains", "startsWith", "endsWith", "join"};
        return std::string(kFunctions[below(4)]) + "(" + part() + ", " + part() + ")";
      }
      case 9:
        return "format('ab{0}c{1}', " + part() + ", " + part() + ")";
      case 10:
        return "toJSON(" + part() + ")";
      case 11:
        return "case((" + part() + ") == (" + part() + "), " + part() + ", " + part() + ")";
      case 12:
        return "(" + part() + ")[" + part() + "]";
      default:
        return "(" + part() + ")" + (chance(2) ? ".*" : ".x") + (chance(2) ? ".y" : "");
    }
  }

 private:
  std::string leaf() {
    constexpr const char* kLeaves[] = {"a",    "b",       "c",         "a.x",         "b.y",   "c.*.x",
                                       "null", "true",    "0",         "1",           "'abc'", "''",
                                       "'ab'", "'refs/'", "failure()", "success()",   "NaN",   "' '",
                                       "c[0]", "a.x.y",   "always()",  "cancelled()", "'x'",   "missing"};
    return kLeaves[below(std::size(kLeaves))];
  }

  std::mt19937 engine_;
};

TEST(Abstract, NeverContradictsTheConcrete) {
  int decided = 0;
  int evaluated = 0;
  for (unsigned seed = 0; seed < 60000; ++seed) {
    Random random(seed);
    const std::string text = random.expression(4);
    Contexts concrete;
    PartialContexts partial;
    partial.named.others = Value();
    for (const char* name : {"a", "b", "c"}) {
      Value value = random.value(3);
      partial.named.members[upper(name)] = random.knowledge(value);
      concrete.named.members.emplace_back(name, std::move(value));
    }
    concrete.status = {random.chance(2), random.chance(2), random.chance(2)};
    const auto known = [&](bool is) { return random.chance(3) ? Truth::unknown : truth_of(is); };
    partial.status = {known(concrete.status.success), known(concrete.status.failure),
                      known(concrete.status.cancelled)};
    const Node tree = parse(text);
    Value value;
    try {
      value = evaluate(tree, concrete);
    } catch (const EvaluationError&) {
      continue;  // nothing is said about these
    }
    ++evaluated;
    const Possible possible = abstract(tree, partial);
    ASSERT_TRUE(allows(possible, value)) << "seed " << seed << ": " << text << " is " << to_json(value);
    const Truth truth = possible.truth();
    if (truth != Truth::unknown) {
      ++decided;
      ASSERT_EQ(truth == Truth::yes, value.truthy()) << "seed " << seed << ": " << text;
    }
  }
  // Not by saying nothing.
  EXPECT_GT(decided, evaluated / 3);
}

}  // namespace
}  // namespace exitgate::expression
