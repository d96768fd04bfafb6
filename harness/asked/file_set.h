// Which files a gate asks about: globs over the paths of the commit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::asked {

// `*` is any run of characters, '/' among them, and `?` one character; `**/` may also be nothing; `{a,b}` is either; a
// pattern that ends in '/' is all that is below the folder.
class Glob {
 public:
  // Throws check::ParameterError naming the parameter.
  Glob(std::string_view parameter, const std::string& text);
  const std::string& text() const { return text_; }
  // Its braces expanded.
  const std::vector<std::string>& patterns() const { return patterns_; }
  bool matches(std::string_view path) const;

 private:
  std::string text_;
  std::vector<std::string> patterns_;
};

// A parameter that is one string or a list of strings. Throws check::ParameterError.
std::vector<std::string> one_or_more(const check::Parameters& with, std::string_view name);

// Of the parameters `files` and `except`.
class FileSet {
 public:
  // `otherwise`: the globs when `files` is not given.
  explicit FileSet(const check::Parameters& with, const std::vector<std::string>& otherwise = {"*"});

  bool contains(std::string_view path) const;
  const std::vector<Glob>& globs() const { return globs_; }
  const std::vector<Glob>& except() const { return except_; }
  // Whether the gate names its files: then each of them must be looked at.
  bool is_given() const { return given_; }

 private:
  std::vector<Glob> globs_;
  std::vector<Glob> except_;
  bool given_ = false;
};

}  // namespace exitgate::asked
