// What GitHub's workflows do not have in common with those of other providers.
#pragma once

#include "harness/collect/ci/actions/dialect.h"

namespace exitgate::collect::ci::github {

const actions::Dialect& dialect();

}  // namespace exitgate::collect::ci::github
