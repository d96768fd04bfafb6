// What Exitgate knows of a CI provider. Each is one folder beside this file and one entry of providers.cpp.
#pragma once

#include <span>
#include <string_view>

#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/source.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

// What a file of the commit is to a provider.
enum class Claim {
  none,
  action,         // a composite action: given to read(), and to another provider that claims it as more
  workflow,       // stands by itself: given to read()
  configuration,  // the root of files that include each other: complete() reads it
};

class Provider {
 public:
  virtual ~Provider() = default;

  // Its row of ci.provider: what the checks need to know of it.
  virtual const facts::ci::Provider& record() const = 0;

  // What the file at `path` (from the root) is, by its path alone.
  virtual Claim claim(std::string_view path) const = 0;

  // Fills `workflow` or `action` from the text of a file that was claimed so. What cannot be read is its
  // problem, and so is what the provider refuses of it alone. Called by several threads.
  virtual void read(std::string_view text, Workflow& workflow) const;
  virtual void read(std::string_view text, Action& action) const;

  // Called once, after all files were read, when the commit has a workflow or configuration of this provider:
  // adds what they lead to, validates what only the files together tell, and decides what a pull request does
  // with each job and step (`runs`), which uploads a download finds, and by which calls it gets there. Leaves
  // the workflows of other providers as they are; composite actions may belong to several.
  virtual void complete(const Source& source, Model& model, CallChains& chains) const = 0;
};

// All that there are; of two that claim a file alike the first has it.
std::span<const Provider* const> providers();

}  // namespace exitgate::collect::ci
