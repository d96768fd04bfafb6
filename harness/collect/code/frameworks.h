// Test frameworks over all files: what one file alone does not tell.
#pragma once

#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/code/facts.h"
#include "harness/facts/store.h"

namespace exitgate::collect::code {

// Sets the framework of tests that do not name it themselves, by the manifests and configurations of the nearest folder
// that has any; and adds the hooks of files that a setting names (globalSetup: "./setup.ts").
void resolve_frameworks(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results);

// The rows of code.known_framework.
void write_known_frameworks(facts::Store& store);

}  // namespace exitgate::collect::code
