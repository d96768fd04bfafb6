#include "harness/collect/ci/gitlab/rules.h"

#include <algorithm>
#include <stdexcept>

#include "harness/base/characters.h"
#include "harness/collect/ci/gitlab/pattern.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/expression/value.h"

namespace exitgate::collect::ci::gitlab {

namespace {

using expression::Possible;
using expression::Truth;
using expression::Value;

// Predefined variables, in a pipeline for a merge request. What a file sets itself can be set otherwise by the project.
Possible variable(std::string_view name, std::string_view source) {
  if (name == "CI_PIPELINE_SOURCE") return Value(std::string(source));
  if (name == "CI" || name == "GITLAB_CI") return Value("true");
  for (const std::string_view unset : {"CI_COMMIT_BRANCH", "CI_COMMIT_TAG", "CI_EXTERNAL_PULL_REQUEST_IID"}) {
    if (name == unset) return {};
  }
  for (const std::string_view set :
       {"CI_MERGE_REQUEST_ID", "CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_REF_PATH",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        "CI_MERGE_REQUEST_PROJECT_ID", "CI_MERGE_REQUEST_PROJECT_PATH", "CI_DEFAULT_BRANCH", "CI_COMMIT_SHA",
        "CI_COMMIT_REF_NAME", "CI_PROJECT_PATH"}) {
    if (name == set) return Possible::truthy();
  }
  return Possible::anything();
}

Truth either(Truth one, Truth other) {
  if (one == Truth::yes || other == Truth::yes) return Truth::yes;
  return one == Truth::no && other == Truth::no ? Truth::no : Truth::unknown;
}

Truth both(Truth one, Truth other) {
  return negate(either(negate(one), negate(other)));
}

// A variable that is not set equals null and nothing else; strings compare with regard to case.
Truth equal(const Possible& left, const Possible& right) {
  const Value* one = left.known();
  const Value* other = right.known();
  if (one != nullptr && other != nullptr) return expression::truth_of(one->same(*other));
  const auto is_null = [](const Value* value) { return value != nullptr && value->is_null(); };
  if ((is_null(one) && right.truth() == Truth::yes) || (is_null(other) && left.truth() == Truth::yes))
    return Truth::no;
  return Truth::unknown;
}

Truth matches(const Possible& left, std::string_view pattern, bool ignore_case) {
  const Value* value = left.known();
  if (value == nullptr) return Truth::unknown;
  // A variable that is not set is like an empty text.
  return Pattern(pattern, ignore_case).matches(value->is_null() ? std::string() : value->text());
}

class Condition {
 public:
  Condition(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  Truth read() {
    const Truth truth = disjunction();
    space();
    if (at_ != text_.size()) fail();
    return truth;
  }

 private:
  [[noreturn]] static void fail() { throw std::invalid_argument("not a condition"); }

  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  std::size_t at_after_space() {
    space();
    return at_;
  }

  bool take(std::string_view token) {
    space();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  Truth disjunction() {
    Truth truth = conjunction();
    while (take("||")) truth = either(truth, conjunction());
    return truth;
  }

  Truth conjunction() {
    Truth truth = comparison();
    while (take("&&")) truth = both(truth, comparison());
    return truth;
  }

  Truth comparison() {
    if (take("(")) {
      if (++depth_ > 50) fail();
      const Truth truth = disjunction();
      if (!take(")")) fail();
      --depth_;
      return truth;
    }
    if (text_.substr(at_after_space()).starts_with('!')) return negation();
    const Possible left = operand();
    if (take("==")) return equal(left, operand());
    if (take("!=")) return negate(equal(left, operand()));
    if (take("=~")) return pattern(left);
    if (take("!~")) return negate(pattern(left));
    return left.truth();
  }

  // It binds closer than a comparison: of `!$A == $B` no sense is made here.
  Truth negation() {
    if (!take("!")) return operand().truth();
    if (++depth_ > 50) fail();
    Truth truth = Truth::unknown;
    if (take("(")) {
      truth = disjunction();
      if (!take(")")) fail();
    } else {
      truth = negation();
    }
    --depth_;
    for (const std::string_view comparison : {"==", "!=", "=~", "!~"}) {
      if (text_.substr(at_after_space()).starts_with(comparison)) fail();
    }
    return negate(truth);
  }

  Truth pattern(const Possible& left) {
    if (!take("/")) {
      operand();  // a variable that holds the pattern
      return left.known() != nullptr && left.known()->is_null() ? Truth::no : Truth::unknown;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && (text_[at_] != '/' || text_[at_ - 1] == '\\')) ++at_;
    if (at_ == text_.size()) fail();
    // `\/` is a slash.
    std::string body(text_.substr(begin, at_ - begin));
    for (std::size_t at = body.find("\\/"); at != std::string::npos; at = body.find("\\/", at))
      body.erase(at, 1);
    const std::size_t flags = ++at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') ++at_;
    return matches(left, body, text_.substr(flags, at_ - flags).find('i') != std::string_view::npos);
  }

  Possible operand() {
    space();
    if (take("null")) return {};
    if (take("true")) return Value(true);
    if (take("false")) return Value(false);
    if (at_ == text_.size()) fail();
    const char quote = text_[at_];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) fail();
      const std::string_view inner = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return Value(std::string(inner));
    }
    if (!take("$")) fail();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word_char(text_[at_])) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name.empty()) fail();
    return variable(name, source_);
  }

  std::string_view text_;
  std::string_view source_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// The refs of `only:` or `except:`, a list or under `refs:`.
std::vector<std::string> refs_of(const yaml::Node& node) {
  std::vector<std::string> refs;
  const yaml::Node* list = node.is_mapping() ? node.find("refs") : &node;
  if (list == nullptr) return refs;
  if (const auto one = text_of(list)) refs.push_back(*one);
  for (const auto& item : list->items) {
    if (auto ref = text_of(&item)) refs.push_back(std::move(*ref));
  }
  return refs;
}

// Whether one of the refs is the pipeline's. Names and patterns of branches and tags, and the words for them,
// never fit a pipeline for a merge request.
Truth fits_refs(const yaml::Node& node, std::string_view source) {
  Truth fits = Truth::no;
  for (const std::string& ref : refs_of(node)) {
    const std::string_view name = std::string_view(ref).substr(0, ref.find('@'));
    if (name.find('$') != std::string_view::npos) fits = either(fits, Truth::unknown);
    if (name != "merge_requests" && name != "merge_request") continue;
    // Behind '@' stands the project; and what a child pipeline counts as is not documented.
    const bool plain = name.size() == ref.size() && source == kMergeRequest;
    fits = either(fits, plain ? Truth::yes : Truth::unknown);
  }
  return fits;
}

// Whether one of `variables:` holds.
Truth fits_variables(const yaml::Node& list, std::string_view source) {
  if (const auto one = text_of(&list)) return condition_holds(*one, source);
  Truth fits = Truth::no;
  for (const auto& item : list.items) {
    const auto text = text_of(&item);
    fits = either(fits, text ? condition_holds(*text, source) : Truth::unknown);
  }
  return fits;
}

// What stands beside the refs: of `only:` all must hold, of `except:` one is enough. Which files a change
// touches, and whether there is a cluster, is known only then.
std::vector<Truth> other_conditions(const yaml::Node& node, std::string_view source) {
  std::vector<Truth> all;
  if (const yaml::Node* variables = node.find("variables")) all.push_back(fits_variables(*variables, source));
  for (const char* key : {"changes", "kubernetes"}) {
    if (node.find(key) != nullptr) all.push_back(Truth::unknown);
  }
  return all;
}

Runs at_most(Runs runs, Truth truth) {
  if (truth == Truth::no) return Runs::no;
  return truth == Truth::yes ? runs : std::min(runs, Runs::maybe);
}

}  // namespace

Truth condition_holds(std::string_view text, std::string_view source) {
  try {
    return Condition(text, source).read();
  } catch (const std::invalid_argument&) {
    return Truth::unknown;
  }
}

Runs runs_when(std::string_view when) {
  if (when == "never") return Runs::no;
  if (when == "on_failure") return Runs::failure;
  if (when.find("$[[") != std::string_view::npos) return Runs::maybe;  // an input that is not known
  return when == "manual" ? Runs::maybe : Runs::yes;
}

void Starts::add(std::string_view when) {
  const bool unknown = when.find("$[[") != std::string_view::npos;  // an input that is not known
  on_success = on_success || unknown || when == "on_success" || when == "delayed";
  manual = manual || unknown || when == "manual";
  on_failure = on_failure || unknown || when == "on_failure";
  always = always || unknown || when == "always";
}

Truth is_ignored(const yaml::Node& allow_failure) {
  if (allow_failure.is_mapping() || is_unknown(allow_failure)) return Truth::unknown;
  return expression::truth_of(boolean_of(allow_failure).value_or(false));
}

Decision decide_by_rules(const yaml::Node& rules, std::string_view when, Truth ignored,
                         std::string_view source) {
  // What the rules can come to: the first that surely holds ends it.
  std::vector<Runs> possible;
  std::vector<Truth> fails;
  Decision decision{.always = true};
  bool decided = false;
  for (const auto& rule : rules.items) {
    Truth holds = Truth::yes;
    if (const auto condition = text_of(rule.find("if"))) holds = condition_holds(*condition, source);
    if (!rule.is_mapping()) holds = Truth::unknown;
    if (holds != Truth::no && (rule.find("changes") != nullptr || rule.find("exists") != nullptr))
      holds = Truth::unknown;
    if (holds == Truth::no) continue;
    const std::string then = text_of(rule.find("when")).value_or(std::string(when));
    const yaml::Node* allow_failure = rule.find("allow_failure");
    const Truth own = allow_failure == nullptr ? ignored : is_ignored(*allow_failure);
    possible.push_back(runs_when(then));
    decision.always = decision.always && then == "always";
    decision.blocks = decision.blocks || (then == "manual" && own != Truth::yes);
    if (then != "never") {
      fails.push_back(own);
      decision.starts.add(then);
      decision.rules.push_back(&rule);
    }
    decided = holds == Truth::yes;
    if (decided) break;
  }
  if (!decided) possible.push_back(Runs::no);
  const auto [least, most] = std::minmax_element(possible.begin(), possible.end());
  decision.sure = *least != Runs::no;
  decision.present = decision.sure ? Truth::yes : *most == Runs::no ? Truth::no : Truth::unknown;
  decision.runs = *least == *most ? *least : *most == Runs::failure ? Runs::failure : Runs::maybe;
  for (const Truth one : fails) {
    if (one != fails.front()) fails.front() = Truth::unknown;
  }
  if (!fails.empty()) decision.ignored = fails.front();
  return decision;
}

Runs decide_by_refs(const yaml::Node* only, const yaml::Node* except, std::string_view when,
                    std::string_view source, bool in_each) {
  if (only == nullptr && !in_each) return Runs::no;
  Runs runs = runs_when(when);
  if (only != nullptr) {
    // Without refs, branches and tags count as well.
    runs = at_most(runs, fits_refs(*only, source));
    for (const Truth holds : other_conditions(*only, source)) runs = at_most(runs, holds);
  }
  if (except == nullptr) return runs;
  runs = at_most(runs, negate(fits_refs(*except, source)));
  for (const Truth holds : other_conditions(*except, source)) runs = at_most(runs, negate(holds));
  return runs;
}

}  // namespace exitgate::collect::ci::gitlab
