// What called workflows ask for beyond what their callers grant.
#pragma once

#include <utility>
#include <vector>

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::github {

// The workflows that GitHub refuses because something that they call, at any depth, asks for more in its
// `permissions:` than the calling job has ("is requesting 'contents: write', but is only allowed 'contents:
// read'"), each with the call and the reason. Only where the caller's permissions are written down: the
// default is a setting of the repository.
std::vector<std::pair<Workflow*, Problem>> find_excessive_permissions(Model& model,
                                                                      const actions::Calls& calls);

}  // namespace exitgate::collect::ci::github
