// The rows of ci.provider for Forgejo and Gitea.
#pragma once

#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci::forgejo {

const facts::ci::Provider& forgejo_record();
const facts::ci::Provider& gitea_record();

}  // namespace exitgate::collect::ci::forgejo
