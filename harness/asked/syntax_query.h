// A tree-sitter query, with the predicates that tree-sitter's library leaves to its callers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/asked/pattern.h"
#include "harness/syntax/language.h"

struct TSTree;
struct TSQuery;

namespace exitgate::asked {

class SyntaxQuery {
 public:
  // Throws check::ParameterError of `query`, with line and column in the query, for what is not a query of the language and for a
  // predicate that is not known.
  SyntaxQuery(const syntax::Language& language, const std::string& text);

  // The names of its captures, without '@'.
  const std::vector<std::string>& captures() const { return names_; }

  struct Match {
    std::size_t start = 0;  // of the node under @finding, else of the first capture, in bytes
    std::size_t end = 0;
    std::vector<std::pair<std::string_view, std::string_view>> captures;  // name and text, each name once
  };
  // Each match whose predicates hold, in the order of their places; of several at one place the first. False when there were more
  // at once than tree-sitter keeps, so that some may be missing.
  bool each(const TSTree* tree, std::string_view text, const std::function<void(const Match&)>& take) const;

 private:
  struct Operand {
    bool is_capture = false;
    std::uint32_t capture = 0;
    std::string text;
  };
  struct Predicate {
    enum Kind { equal, match, any_of } kind = equal;
    bool negated = false;
    bool any = false;  // of a capture with several nodes, whether one is enough
    std::vector<Operand> operands;
    std::shared_ptr<const Pattern> pattern;
  };
  struct Holds;

  [[noreturn]] void fail(std::uint32_t offset, const std::string& why, const std::string& hint = "") const;
  void check_escapes() const;
  void read_predicates(std::uint32_t pattern);
  Predicate make_predicate(const std::string& name, std::vector<Operand> operands,
                           std::uint32_t offset) const;

  std::string text_;
  std::shared_ptr<TSQuery> query_;
  std::vector<std::string> names_;                  // by the number of the capture
  std::vector<std::vector<Predicate>> predicates_;  // by the number of the pattern
};

}  // namespace exitgate::asked
