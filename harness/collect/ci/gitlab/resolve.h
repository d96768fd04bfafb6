// `extends:` and `!reference`.
#pragma once

#include "harness/collect/ci/gitlab/tree.h"

namespace exitgate::collect::ci::gitlab {

// Puts into each entry at the top of the tree what it extends, and then into each place what is referred to there. What
// GitLab does not take is refused; where not all is known, what may come from elsewhere is unknown instead.
void resolve(Tree& tree);

}  // namespace exitgate::collect::ci::gitlab
