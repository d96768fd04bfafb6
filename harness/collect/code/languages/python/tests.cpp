#include "harness/collect/code/languages/python/tests.h"

#include <algorithm>
#include <array>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/manifest_lines.h"

namespace exitgate::collect::code::python {

using facts::code::FrameworkEvidence;

namespace {

constexpr std::string_view kLanguage = "python";

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// The line, counting from 1, that begins with one of these; 0 for none.
int line_beginning(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  int line = 0;
  for (std::size_t start = 0; start < text.size();) {
    ++line;
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view one = text.substr(start, end - start);
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    for (const auto beginning : beginnings) {
      if (one.starts_with(beginning) &&
          (one.size() == beginning.size() || !is_in_name(one[beginning.size()])))
        return line;
    }
    start = end + 1;
  }
  return 0;
}

// As pytest, unittest and Django look for them.
bool has_name_of_tests(std::string_view path) {
  const std::string_view name = name_of(path);
  if (!name.ends_with(".py")) return false;
  if (name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py")) return true;
  return fits("tests/*.py", path) && name != "__init__.py" && name != "conftest.py";
}

}  // namespace

void look(std::string_view path, std::string_view content, FileFacts& facts) {
  if (const int line = line_beginning(content, {"from behave"});
      line > 0 && has(content, "from behave import")) {
    add_test_file(kLanguage, "behave", line, facts);
    return;
  }
  if (!has_name_of_tests(path) || !has(content, "def test")) return;
  if (const int line = line_beginning(content, {"import pytest", "from pytest"}); line > 0) {
    add_test_file(kLanguage, "pytest", line, facts);
  } else if (const int django = line_beginning(
                 content, {"from django.test", "from django import test", "from rest_framework.test"});
             django > 0) {
    add_test_file(kLanguage, "Django", django, facts);
  } else if (const int nose = line_beginning(content, {"from nose2", "import nose2"}); nose > 0) {
    add_test_file(kLanguage, "nose2", nose, facts);
  } else if (const int unit = line_beginning(content, {"import unittest", "from unittest"});
             unit > 0 && has(content, "TestCase")) {
    add_test_file(kLanguage, "unittest", unit, facts);
  } else {
    // A test that is a function, or of a class that is nothing else: nobody but pytest runs those.
    const bool plain = has(content, "\ndef test") || content.starts_with("def test") ||
                       has(content, "\nasync def test") || has(content, "\nclass Test");
    add_test_file(kLanguage, plain && !has(content, "TestCase)") ? "pytest" : "", 0, facts);
  }
}

void read_manifest(std::string_view path, std::string_view content, FileFacts& facts) {
  const std::string_view name = name_of(path);
  const auto configured = [&](std::string_view framework, int line) {
    if (line > 0)
      facts.frameworks.push_back(
          {std::string(framework), std::string(kLanguage), line, FrameworkEvidence::configuration});
  };
  if (name == "pyproject.toml")
    configured("pytest", line_beginning(content, {"[tool.pytest.ini_options]", "[tool.pytest]"}));
  if (name == "setup.cfg") configured("pytest", line_beginning(content, {"[tool:pytest]"}));
  if (name == "tox.ini") configured("pytest", line_beginning(content, {"[pytest]"}));
  if (name == "pyproject.toml") configured("behave", line_beginning(content, {"[tool.behave]"}));
  if (name == "tox.ini" || name == "setup.cfg") configured("behave", line_beginning(content, {"[behave]"}));
  if (name == "tox.ini") return;
  add_dependencies(*language_of("any.py"), content, facts);
}

}  // namespace exitgate::collect::code::python
