// What becomes of a script of actions/github-script that looks at the results of jobs: whether it sets the step
// to failed. Followed are `if` and `else` over comparisons of texts, and `core.setFailed()`, `throw` and
// `process.exit()` in them; anything else that is given a result is not decided.
#pragma once

#include <string_view>

#include "harness/collect/ci/script/interpret.h"

namespace exitgate::collect::ci::script {

// `text` as text.h says of texts.
Ended interpret_javascript(std::string_view text);

}  // namespace exitgate::collect::ci::script
