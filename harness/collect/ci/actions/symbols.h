// Texts and conditions of a run as far as they are known, the rest in a normal form that can be compared: of
// `logs-${{ matrix.os }}-${{ github.run_id }}` in the combination linux it is `logs-linux-${{ github.run_id }}`.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/actions/dialect.h"
#include "harness/expression/syntax.h"

namespace exitgate::collect::ci::actions {

// A part of a text: what it is, or a normalised expression where that is not known.
struct SymbolPart {
  bool known = false;
  std::string text;
};

struct Symbol {
  std::vector<SymbolPart> parts;
  bool constant = true;  // what is not known is the same in the whole run

  bool known() const;
  std::string text() const;        // of parts that are not known: `${{ … }}`
  std::string glob() const;        // … '*'
  std::string expression() const;  // the whole as one expression
  std::string unknown() const;     // the expressions that are not known, ", " between them
};

// What stands behind members of contexts that are not known: 'INPUTS.NAME', 'ENV.X' in upper case.
using Symbols = std::map<std::string, Symbol>;

// Where an expression stands.
struct SymbolScope {
  const PartialContexts* contexts = nullptr;
  const Symbols* symbols = nullptr;
  const Dialect* dialect = nullptr;
  std::string
      call;  // number of the call that the workflow is, for what each call has of its own; "" in the root
  std::string job;          // the same of the job instance
  std::string environment;  // name of the deployment environment, which has variables and secrets of its own
  std::string status;       // name of how the job stands before the step, or the jobs before the job
};

// Strings with `${{ … }}` and conditions, each read once.
class Templates {
 public:
  // nullptr where it cannot be read.
  const expression::Node* read(const std::string& text);

 private:
  std::unordered_map<std::string, std::optional<expression::Node>> read_;
};

// The expression's value as a text.
Symbol symbol_of(const expression::Node& node, const SymbolScope& scope);

// Of any string, with or without `${{ … }}`.
Symbol symbol_of(const std::string& text, Templates& templates, const SymbolScope& scope);

// The expression with what is known put in. Status functions are comparisons with `scope.status`; with "" they are left
// as they are known.
std::string normalized(const expression::Node& node, const SymbolScope& scope);

}  // namespace exitgate::collect::ci::actions
