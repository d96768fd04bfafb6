#include "harness/collect/code/path_expressions.h"

#include <algorithm>
#include <charconv>

#include "harness/base/path.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

using Start = FileReference::Start;

constexpr int kDepth = 12;  // of expressions in expressions and names for names

// In the place of the file's own name, until a folder is taken of it.
constexpr std::string_view kOwnFile = "__file__";

FileReference anywhere(std::string path = {}) {
  return {.start = Start::anywhere, .path = std::move(path)};
}

FileReference parent_of(FileReference path) {
  if (path.start == Start::anywhere) return anywhere();
  if (path.path.empty() || path.path == ".." || path.path.ends_with("/..")) {
    path.path += path.path.empty() ? ".." : "/..";
  } else {
    path.path = folder_of(path.path);
  }
  return path;
}

FileReference joined(FileReference base, std::string_view part) {
  while (part.starts_with("./")) part.remove_prefix(2);
  if (part.starts_with('/')) return anywhere(std::string(name_of(part)));
  if (part.empty() || part == ".") return base;
  base.path += base.path.empty() ? "" : "/";
  base.path += part;
  return base;
}

class Evaluator {
 public:
  Evaluator(const Tree& tree, const Names& names) : tree_(tree), names_(names) {}

  FileReference evaluate(Id expression, int depth = kDepth) const {
    expression = inner(tree_, expression);
    if (expression == kNoNode || depth == 0) return anywhere();
    tree_.spend(1);
    switch (tree_.kind(expression)) {
      case Kind::string:
      case Kind::concatenated_string:
        return of_text(expression, depth);
      case Kind::identifier:
        return of_name(expression, depth);
      case Kind::attribute:
        if (tree_.text(tree_.child(expression, Field::attribute)) == "parent")
          return parent_of(evaluate(tree_.child(expression, Field::object), depth - 1));
        return anywhere();
      case Kind::subscript:
        return of_parents(expression, depth);
      case Kind::call:
        return of_call(expression, depth);
      case Kind::other:
        return of_operator(expression, depth);
      default:
        return anywhere();
    }
  }

 private:
  // A literal is where the program runs; `f"{BASE_DIR}/.env"` begins with another path.
  FileReference of_text(Id expression, int depth) const {
    if (const auto text = syntax::literal(tree_, expression))
      return joined({.start = Start::working_directory, .path = ""}, *text);
    if (!tree_.is(expression, Kind::string)) return anywhere();
    FileReference path{.start = Start::working_directory, .path = ""};
    std::string part;
    bool first = true;
    for (const Id piece : tree_.children(expression)) {
      if (tree_.is(piece, Kind::interpolation)) {
        const auto inside = tree_.children(piece);
        if (first && !inside.empty()) {
          path = evaluate(inside[0], depth - 1);
        } else {
          part += '*';
        }
      } else if (tree_.is(piece, Kind::string_content)) {
        part += tree_.text(piece);
      } else {
        continue;
      }
      first = false;
    }
    const std::string_view text = part;
    // Only what follows a blank slash is a part of its own: `f"{name}.env"` is one name.
    if (path.start == Start::working_directory && path.path.empty()) return joined(path, text);
    if (text.starts_with('/')) return joined(path, text.substr(1));
    return anywhere("*" + part);
  }

  FileReference of_name(Id expression, int depth) const {
    if (tree_.text(expression) == kOwnFile) return {.start = Start::source, .path = std::string(kOwnFile)};
    const auto values = names_.values(expression);
    return values.size() == 1 ? evaluate(values[0], depth - 1) : anywhere();
  }

  // `Path(__file__).parents[1]`
  FileReference of_parents(Id expression, int depth) const {
    const Id object = inner(tree_, tree_.child(expression, Field::value));
    if (!tree_.is(object, Kind::attribute) || tree_.text(tree_.child(object, Field::attribute)) != "parents")
      return anywhere();
    const auto levels = number(tree_.child(expression, Field::subscript));
    return levels ? up(evaluate(tree_.child(object, Field::object), depth - 1), *levels + 1) : anywhere();
  }

  static FileReference up(FileReference path, int levels) {
    for (int i = 0; i < std::min(levels, 32); ++i) path = parent_of(std::move(path));
    return path;
  }

  std::optional<int> number(Id expression) const {
    if (!tree_.is(expression, Kind::integer)) return std::nullopt;
    const std::string_view text = tree_.text(expression);
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
  }

  // `folder / ".env"`, and django-environ's `Path(__file__) - 2`.
  FileReference of_operator(Id expression, int depth) const {
    const Id left = tree_.child(expression, Field::left);
    const Id right = tree_.child(expression, Field::right);
    const Id sign = tree_.child(expression, Field::operator_);
    if (left == kNoNode || right == kNoNode || sign == kNoNode) return anywhere();
    if (tree_.text(sign) == "/") return join_all(evaluate(left, depth - 1), {right});
    if (tree_.text(sign) == "-") {
      const auto levels = number(right);
      return levels ? up(evaluate(left, depth - 1), *levels) : anywhere();
    }
    if (tree_.text(sign) == "+") {
      const auto text = names_.constant(right);
      if (text && text->starts_with('/')) return joined(evaluate(left, depth - 1), text->substr(1));
    }
    return anywhere();
  }

  FileReference join_all(FileReference base, const std::vector<Id>& parts) const {
    for (const Id part : parts) base = joined(std::move(base), names_.constant(part).value_or("*"));
    return base;
  }

  FileReference of_call(Id call, int depth) const {
    const Id function = inner(tree_, tree_.child(call, Field::function));
    std::vector<Id> arguments;
    bool working = false;
    Id named = kNoNode;
    for (const Id argument : tree_.children(tree_.child(call, Field::arguments))) {
      if (!tree_.is(argument, Kind::keyword_argument)) {
        arguments.push_back(argument);
        continue;
      }
      const std::string_view name = tree_.text(tree_.child(argument, Field::name));
      if (name == "usecwd") working = tree_.is(tree_.child(argument, Field::value), Kind::true_);
      if (name == "filename") named = tree_.child(argument, Field::value);
    }
    for (const auto& path : names_.paths(function)) {
      if (path == "dotenv.find_dotenv" || path == "dotenv.main.find_dotenv") {
        if (!arguments.empty()) named = arguments[0];
        const std::string name = named == kNoNode ? ".env" : names_.constant(named).value_or("*");
        return {.start = working ? Start::working_directory : Start::source, .path = name, .upwards = true};
      }
      if (path == "os.getcwd" || path == "pathlib.Path.cwd" || (arguments.empty() && path == "pathlib.Path"))
        return {.start = Start::working_directory, .path = ""};
      if (arguments.empty()) continue;
      if (path == "os.path.dirname") return parent_of(evaluate(arguments[0], depth - 1));
      if (path == "os.path.join" || path == "pathlib.Path" || path == "environ.Path")
        return join_all(evaluate(arguments[0], depth - 1), {arguments.begin() + 1, arguments.end()});
      for (const std::string_view same : {"str", "os.fspath", "os.path.abspath", "os.path.realpath",
                                          "os.path.normpath", "os.path.expanduser"}) {
        if (path == same) return evaluate(arguments[0], depth - 1);
      }
      // `os.getenv("ENV_FILE", ".env")`: the default is what is there when nothing is set.
      if ((path == "os.getenv" || path == "os.environ.get") && arguments.size() > 1)
        return evaluate(arguments[1], depth - 1);
    }
    if (!tree_.is(function, Kind::attribute)) {
      // An object of django-environ's Path, called with what is below it.
      const auto values = tree_.is(function, Kind::identifier) ? names_.values(function) : std::vector<Id>();
      return values.size() == 1 && !arguments.empty() ? join_all(evaluate(values[0], depth - 1), arguments)
                                                      : anywhere(last_of(arguments));
    }
    const Id object = tree_.child(function, Field::object);
    const std::string_view method = tree_.text(tree_.child(function, Field::attribute));
    for (const std::string_view same : {"resolve", "absolute", "as_posix", "expanduser", "__str__"}) {
      if (method == same) return evaluate(object, depth - 1);
    }
    if (method == "joinpath" || method == "path" || method == "file")
      return join_all(evaluate(object, depth - 1), arguments);
    if (method == "with_name") return join_all(parent_of(evaluate(object, depth - 1)), arguments);
    return anywhere(last_of(arguments));
  }

  // What a function of the program's own makes of a name probably ends in it.
  std::string last_of(const std::vector<Id>& arguments) const {
    if (arguments.empty()) return {};
    const auto text = names_.constant(arguments.back());
    return text ? std::string(name_of(*text)) : std::string();
  }

  const Tree& tree_;
  const Names& names_;
};

}  // namespace

FileReference path_of(const Tree& tree, const Names& names, Id expression) {
  return Evaluator(tree, names).evaluate(expression);
}

}  // namespace exitgate::collect::code
