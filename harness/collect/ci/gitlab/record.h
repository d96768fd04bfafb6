// GitLab's row of ci.provider.
#pragma once

#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci::gitlab {

const facts::ci::Provider& record();

}  // namespace exitgate::collect::ci::gitlab
