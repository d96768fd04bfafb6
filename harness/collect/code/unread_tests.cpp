#include "harness/collect/code/unread_tests.h"

#include <array>
#include <string>

#include "harness/collect/code/language.h"

namespace exitgate::collect::code {

namespace {

struct Named {
  std::string_view pattern;
  std::string_view language;
};

constexpr std::array kNamed = {
    Named{"*Test.php", "PHP"},
    Named{"*Cest.php", "PHP"},
    Named{"*_test.exs", "Elixir"},
    Named{"tests/*.rs", "Rust"},
    Named{"*_test.rs", "Rust"},
    Named{"*Test.cs", "C#"},
    Named{"*Tests.cs", "C#"},
    Named{"*Test.kt", "Kotlin"},
    Named{"*Tests.kt", "Kotlin"},
    Named{"*Spec.kt", "Kotlin"},
    Named{"*Spec.groovy", "Groovy"},
    Named{"*Test.groovy", "Groovy"},
    Named{"*Spec.scala", "Scala"},
    Named{"*Test.scala", "Scala"},
    Named{"*Suite.scala", "Scala"},
    Named{"*Tests.swift", "Swift"},
    Named{"*Test.swift", "Swift"},
    Named{"*_test.dart", "Dart"},
    Named{"*_test.c", "C"},
    Named{"test_*.c", "C"},
    Named{"*_test.cc", "C++"},
    Named{"*_test.cpp", "C++"},
    Named{"test_*.cpp", "C++"},
    Named{"*_unittest.cc", "C++"},
    Named{"*Test.cpp", "C++"},
    Named{"t/*.t", "Perl"},
    Named{"*Spec.hs", "Haskell"},
    Named{"*_test.clj", "Clojure"},
    Named{"*.bats", "Bash"},
    Named{"*_spec.lua", "Lua"},
    Named{"tests/testthat/*.R", "R"},
    Named{"*_SUITE.erl", "Erlang"},
    Named{"test/runtests.jl", "Julia"},
    Named{"*Test.fs", "F#"},
    Named{"*Tests.fs", "F#"},
    Named{"*Test.vb", "Visual Basic"},
    Named{"*Tests.vb", "Visual Basic"},
    Named{"*_test.ex", "Elixir"},
    Named{"*_test.ml", "OCaml"},
};

}  // namespace

std::string_view unread_test_language(std::string_view path, std::string_view content) {
  for (const auto& [pattern, language] : kNamed) {
    if (fits(pattern, path)) return language;
  }
  // Rust's unit tests stand beside what they test.
  if (path.ends_with(".rs") && content.find("#[test]") != std::string_view::npos) return "Rust";
  return "";
}

}  // namespace exitgate::collect::code
