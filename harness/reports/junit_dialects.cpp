#include "harness/reports/junit_dialects.h"

#include <array>
#include <string_view>

namespace exitgate::reports {

namespace {

std::string_view attribute(const pugi::xml_node& node, const char* name) {
  return node.attribute(name).value();
}

bool is_suite(const pugi::xml_node& node) {
  return element(node) == "testsuite";
}

// The first suite, the root itself where it is one.
pugi::xml_node first_suite(const pugi::xml_node& root) {
  return is_suite(root) ? root : root.find_child(is_suite);
}

pugi::xml_node first_case(const pugi::xml_node& root) {
  return root.find_node([](const pugi::xml_node& node) { return element(node) == "testcase"; });
}

bool has_property(const pugi::xml_node& suite, std::string_view name) {
  for (const auto& property : suite.child("properties").children()) {
    if (attribute(property, "name") == name) return true;
  }
  return false;
}

bool any_is(const pugi::xml_node& root, const pugi::xml_node& suite, std::string_view name) {
  return attribute(root, "name") == name || attribute(suite, "name") == name;
}

// A record says by what its reports are told from others'. The first that fits counts.
struct Dialect {
  std::string_view name;
  bool (*fits)(const pugi::xml_node& root, const pugi::xml_node& suite, const pugi::xml_node& first);
};

using Node = pugi::xml_node;

constexpr std::array<Dialect, 17> kDialects = {{
    {"pytest",
     [](const Node& root, const Node& suite, const Node&) {
       return any_is(root, suite, "pytest") || any_is(root, suite, "pytest tests");
     }},
    {"Surefire",
     [](const Node& root, const Node& suite, const Node&) {
       for (const auto& node : {root, suite}) {
         if (attribute(node, "xsi:noNamespaceSchemaLocation").find("surefire") != std::string_view::npos ||
             attribute(node, "xsi:schemaLocation").find("surefire") != std::string_view::npos)
           return true;
       }
       return has_property(suite, "surefire.test.class.path") ||
              has_property(suite, "surefire.real.class.path");
     }},
    {"nextest",
     [](const Node& root, const Node&, const Node&) { return attribute(root, "name") == "nextest-run"; }},
    {"Jest",
     [](const Node& root, const Node&, const Node&) { return attribute(root, "name") == "jest tests"; }},
    {"Vitest",
     [](const Node& root, const Node&, const Node&) { return attribute(root, "name") == "vitest tests"; }},
    {"Mocha",
     [](const Node& root, const Node&, const Node&) { return attribute(root, "name") == "Mocha Tests"; }},
    {"Go", [](const Node&, const Node& suite, const Node&) { return has_property(suite, "go.version"); }},
    {"GoogleTest",
     [](const Node& root, const Node&, const Node& first) {
       return attribute(root, "name") == "AllTests" ||
              (first.attribute("result") && first.attribute("status"));
     }},
    {"Catch2",
     [](const Node&, const Node& suite, const Node&) { return attribute(suite, "hostname") == "tbd"; }},
    {"PHPUnit",
     [](const Node&, const Node& suite, const Node& first) {
       return suite.attribute("assertions") && first.attribute("assertions");
     }},
    {"RSpec", [](const Node&, const Node& suite,
                 const Node&) { return attribute(suite, "name").starts_with("rspec"); }},
    {"CTest",
     [](const Node& root, const Node& suite, const Node& first) {
       return is_suite(root) && suite.attribute("disabled") && suite.attribute("hostname") &&
              first.attribute("status") && attribute(first, "classname") == attribute(first, "name");
     }},
    {"Playwright",
     [](const Node& root, const Node& suite, const Node& first) {
       return root.attribute("id") && suite.attribute("hostname") &&
              attribute(suite, "name") == attribute(first, "classname");
     }},
    {"node",
     [](const Node& root, const Node&, const Node& first) {
       return !root.first_attribute() && attribute(first, "classname") == "test";
     }},
    {"Bazel",
     [](const Node&, const Node& suite, const Node& first) {
       return first.attribute("duration") && attribute(suite, "name") == attribute(first, "name");
     }},
    {"doctest",
     [](const Node&, const Node& suite, const Node& first) {
       return attribute(first, "status") == "run" && suite.attribute("tests") &&
              !suite.attribute("timestamp") && !suite.attribute("hostname") && !suite.attribute("disabled") &&
              !first.attribute("result");
     }},
    {"Gradle",
     [](const Node& root, const Node& suite, const Node&) {
       return is_suite(root) && suite.child("properties") && !suite.child("properties").first_child() &&
              suite.child("system-out") && suite.child("system-err");
     }},
}};

}  // namespace

std::string junit_dialect(const pugi::xml_node& root) {
  const auto suite = first_suite(root);
  const auto first = first_case(root);
  for (const auto& dialect : kDialects) {
    if (dialect.fits(root, suite, first)) return std::string(dialect.name);
  }
  return "";
}

bool counts_assertions(const std::string& dialect) {
  return dialect == "Catch2" || dialect == "doctest";
}

}  // namespace exitgate::reports
