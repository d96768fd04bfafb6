// JUnit XML, of which there is no standard: what its writers have in common, and where they differ.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/reports/junit_dialects.h"
#include "harness/reports/report.h"
#include "harness/reports/values.h"
#include "harness/reports/xml.h"

namespace exitgate::reports {

namespace {

constexpr int kDeepest = 200;  // suites in each other

// What a part of a report holds, to be compared with what it says that it holds.
struct Held {
  std::int64_t cases = 0;
  std::int64_t failing = 0;   // cases that failed, or could not be carried out
  std::int64_t failures = 0;  // elements that say so: some writers count these
  std::int64_t skipped = 0;
  std::int64_t teardowns = 0;  // that failed: pytest counts such a test twice
  Held& operator+=(const Held& other) {
    cases += other.cases;
    failing += other.failing;
    failures += other.failures;
    skipped += other.skipped;
    teardowns += other.teardowns;
    return *this;
  }
};

std::string value(const pugi::xml_node& node, const char* name) {
  return valid_utf8(node.attribute(name).value());
}

std::optional<std::int64_t> number(const pugi::xml_node& node, const char* name) {
  return whole_number(node.attribute(name).value());
}

std::optional<std::int64_t> duration(const pugi::xml_node& node) {
  for (const char* const name : {"time", "duration"}) {
    if (const auto time = milliseconds_of(node.attribute(name).value())) return time;
  }
  return std::nullopt;
}

// All text of an element, CDATA included.
std::string text_of(const pugi::xml_node& node) {
  std::string text;
  for (const auto& child : node.children()) {
    if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) continue;
    text += child.value();
    if (text.size() > 4 * kLongestMessage) break;
  }
  return text;
}

// The message of a <failure>, <error> or <skipped>.
std::string message_of(const pugi::xml_node& node) {
  std::string_view message = trim(node.attribute("message").value());
  if (!message.empty()) return as_message(message);
  if (const auto child = node.child("message")) return as_message(text_of(child));
  const auto text = text_of(node);
  if (!trim(text).empty()) return as_message(text);
  return as_message(node.attribute("type").value());
}

// What an attribute says of how the test ended: nullopt when it says nothing.
std::optional<Status> status_word(std::string_view text) {
  const auto word = lower(trim(text));
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is({"passed", "pass", "success", "successful", "ok", "run", "completed", "executed"}))
    return Status::passed;
  if (is({"failed", "fail", "failure"})) return Status::failed;
  if (is({"error", "errored", "broken", "timeout", "timedout", "aborted"})) return Status::error;
  if (is({"notrun", "not run", "disabled", "skipped", "skip", "suppressed", "ignored", "pending", "todo"}))
    return Status::skipped;
  if (is({"inconclusive", "unknown", "undefined"})) return Status::unknown;
  return std::nullopt;
}

// CTest writes what it could not start as skipped.
bool could_not_start(std::string_view message) {
  for (const std::string_view sign :
       {"Unable to find executable", "Could not find executable", "Fixture dependency failed",
        "Failed test dependencies", "Required Files Missing", "BAD_COMMAND", "Not Run",
        "Required resource not found"}) {
    if (message.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(Report& report) : report_(report) {}

  void read(const pugi::xml_node& root) {
    report_.dialect = junit_dialect(root);
    const bool suites = element(root) == "testsuites";
    // The root's own counts are those of a suite around the others.
    if (suites && !root.first_attribute()) {
      descend(root, std::nullopt, 0);
    } else {
      suite(root, std::nullopt, 0);
    }
    if (revisions_.size() == 1) report_.revision = *revisions_.begin();
    if (revisions_.size() > 1) {
      report_.problems.push_back(
          fmt::format("it says of itself that it is of more than one commit: {} and {}", *revisions_.begin(),
                      *revisions_.rbegin()));
    }
    if (!begun_.empty()) report_.begun_at = *begun_.begin();
  }

 private:
  Held suite(const pugi::xml_node& node, std::optional<std::size_t> parent, int depth) {
    Suite suite{.parent = parent,
                .name = value(node, "name"),
                .tests = number(node, "tests"),
                .failures = number(node, "failures"),
                .errors = number(node, "errors"),
                .skipped = number(node, "skipped"),
                .milliseconds = duration(node),
                .begun_at = value(node, "timestamp"),
                .host = value(node, "hostname"),
                .file = value(node, node.attribute("file") ? "file" : "filepath")};
    if (!suite.skipped) suite.skipped = number(node, "disabled");
    if (const auto utc = utc_of(suite.begun_at)) {
      suite.begun_at = *utc;
      // Jest writes 1970 for a file that it could not load.
      if (*utc > "1971") begun_.insert(*utc);
    }
    for (const auto& child : node.children()) {
      if (element(child) == "properties") properties(child, suite);
    }
    const std::size_t id = report_.suites.size();
    report_.suites.push_back(std::move(suite));
    const Held held = descend(node, id, depth);
    compare(report_.suites[id], held, node, parent.has_value());
    return held;
  }

  Held descend(const pugi::xml_node& node, std::optional<std::size_t> suite_id, int depth) {
    Held held;
    if (depth > kDeepest) {
      problem(fmt::format("its suites are nested more than {} deep", kDeepest));
      return held;
    }
    for (const auto& child : node.children()) {
      const auto name = element(child);
      if (name == "testsuite" || name == "testsuites") {
        held += suite(child, suite_id, depth + 1);
      } else if (name == "testcase") {
        held += test_case(child, suite_id);
        held += descend(child, suite_id, depth + 1);
      } else if (!name.empty() && name != "properties" && name != "system-out" && name != "system-err") {
        held += descend(child, suite_id, depth + 1);
      }
    }
    return held;
  }

  void properties(const pugi::xml_node& node, Suite& suite) {
    for (const auto& property : node.children()) {
      if (element(property) != "property") continue;
      auto name = value(property, "name");
      auto text =
          property.attribute("value") ? value(property, "value") : valid_utf8(trim(text_of(property)));
      if (names_a_commit(name) && is_commit(text)) revisions_.insert(lower(text));
      suite.properties.emplace_back(std::move(name), std::move(text));
    }
  }

  Held test_case(const pugi::xml_node& node, std::optional<std::size_t> suite_id) {
    Case one{.suite = suite_id,
             .class_name = value(node, node.attribute("classname") ? "classname" : "class"),
             .name = value(node, "name"),
             .milliseconds = duration(node),
             .file = value(node, node.attribute("file") ? "file" : "filepath"),
             .line = number(node, node.attribute("line") ? "line" : "lineno")};
    Held held{.cases = 1};
    judge(node, one, held);
    place(node, one);
    if (one.status == Status::failed || one.status == Status::error) ++held.failing;
    if (one.status == Status::skipped) ++held.skipped;
    report_.cases.push_back(std::move(one));
    return held;
  }

  void judge(const pugi::xml_node& node, Case& one, Held& held) const {
    pugi::xml_node failure;
    pugi::xml_node error;
    pugi::xml_node skipped;
    pugi::xml_node earlier;  // a try that failed
    for (const auto& child : node.children()) {
      const auto name = element(child);
      if (name == "failure") {
        ++held.failures;
        if (!failure) failure = child;
      } else if (name == "error") {
        ++held.failures;
        if (!error) error = child;
        if (std::string_view(child.attribute("message").value()).starts_with("failed on teardown"))
          ++held.teardowns;
      } else if (name == "skipped" || name == "ignored" || name == "disabled") {
        if (!skipped) skipped = child;
      } else if (name == "flakyFailure" || name == "flakyError" || name == "rerunFailure" ||
                 name == "rerunError" || name == "rerun") {
        ++one.tries;
        if (!earlier) earlier = child;
      } else if (name == "warning") {
        one.status = Status::unknown;  // PHPUnit: nothing was tested
        one.message = message_of(child);
      }
    }
    const bool expected = skipped && std::string_view(skipped.attribute("type").value()) == "todo";
    if ((failure || error) && !expected) {
      one.status = error ? Status::error : Status::failed;
      one.message = message_of(failure ? failure : error);
      return;
    }
    if (skipped) {
      one.message = message_of(skipped);
      one.status =
          report_.dialect == "CTest" && could_not_start(one.message) ? Status::error : Status::skipped;
      return;
    }
    for (const char* const name : {"result", "status"}) {
      const auto word = status_word(node.attribute(name).value());
      if (!word || *word == Status::passed) continue;
      one.status = *word;
      return;
    }
    if (earlier && one.status == Status::passed) {
      one.status = Status::flaky;
      one.message = message_of(earlier);
    }
  }

  void place(const pugi::xml_node& node, Case& one) const {
    if (one.line && report_.dialect == "pytest") ++*one.line;  // it counts from 0
    if (one.line && *one.line <= 0) one.line = std::nullopt;
    if (!one.file.empty()) return;
    // The nearest suite that names a file.
    for (auto above = node.parent(); above; above = above.parent()) {
      for (const char* const name : {"file", "filepath"}) {
        one.file = value(above, name);
        if (!one.file.empty()) return;
      }
    }
  }

  // Told is only what is missing: of what there is too much, nothing is lost.
  void compare(const Suite& said, const Held& held, const pugi::xml_node& node, bool inner) {
    if (counts_assertions(report_.dialect)) return;
    // Mocha counts its pending tests and does not write them; only the root says how many they are.
    if (report_.dialect == "Mocha" && inner) return;
    const auto of = said.name.empty() ? std::string("it") : fmt::format("'{}'", printable_name(said.name));
    std::int64_t children = 0;
    for (const auto& child : node.children()) {
      const auto name = element(child);
      if (name == "testcase" || name == "testsuite") ++children;
    }
    const std::int64_t cases = std::max(held.cases + held.teardowns, children);
    const std::int64_t unlisted =
        report_.dialect == "Mocha" ? std::max<std::int64_t>(said.skipped.value_or(0) - held.skipped, 0) : 0;
    if (said.tests && *said.tests > cases + unlisted) {
      problem(fmt::format("{} says that it has {}, and holds {}", of,
                          count_of(static_cast<std::size_t>(*said.tests), "test"), held.cases));
    }
    const std::int64_t failing = said.failures.value_or(0) + said.errors.value_or(0);
    if (failing > std::max(held.failing, held.failures)) {
      problem(fmt::format("{} says that {} failed, and holds {}", of,
                          count_of(static_cast<std::size_t>(failing), "test"), held.failing));
    }
  }

  void problem(std::string text) {
    if (std::find(report_.problems.begin(), report_.problems.end(), text) == report_.problems.end())
      report_.problems.push_back(std::move(text));
  }

  Report& report_;
  std::set<std::string> revisions_;
  std::set<std::string> begun_;
};

}  // namespace

void read_junit(const pugi::xml_node& root, Report& report) {
  Reader(report).read(root);
}

}  // namespace exitgate::reports
