// The destructive statements of all migrations, and which of them are new since the base branch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/migrations/dropped_indexes.h"
#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/since_base.h"
#include "harness/collect/migrations/source.h"
#include "harness/facts/store.h"

namespace exitgate::collect {

// Fills in the statements of the revisions that are SQL files. Readers of other files have done so themselves.
void read_sql_revisions(Source& source, std::vector<Environment>& environments);

// What the commit is compared with, read beside the migrations.
struct Base {
  Comparison comparison;
  std::optional<BaseTree> tree;

  static Base of(const Checkout& checkout);
};

// What is new since the base branch.
class BaseComparison {
 public:
  BaseComparison(const Checkout& checkout, Source& source, Base base, IndexHistory indexes);

  const Comparison& comparison() const { return base_.comparison; }
  const std::optional<BaseTree>& tree() const { return base_.tree; }
  // Whether the base branch does not have the revision, or has it otherwise: not new is one whose file was only moved, or
  // is other in comments and imports alone. A file that is renamed to another version is run again, and so it is new.
  // Nullopt when that cannot be told.
  std::optional<bool> is_new(const Environment& environment, const Revision& revision);
  // Writes migrations.statement; a revision that was changed is new in what its earlier form did not have.
  void write(const Environment& environment, const Revision& revision, facts::Store& store);

 private:
  std::optional<std::string> text_at_base(const std::string& file);
  // Whether the base branch has the file with other comments and imports at most.
  bool same_code_at_base(const std::string& file);
  std::vector<Statement> earlier(const Environment& environment, const Revision& revision);

  Source& source_;
  const git::Repository& repository_;
  std::optional<git::Objects> objects_;  // begun when an earlier form is asked for
  Base base_;
  IndexHistory indexes_;
};

}  // namespace exitgate::collect
