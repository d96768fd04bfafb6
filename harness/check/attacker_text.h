// Expressions whose text whoever opens a pull request chooses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::check {

// The contexts within `${{ }}` of `text` that hold such text, as written, each once: a pull request's title, its branch, a
// comment. `environment`: JSON objects of variables that `env.X` stands for, the nearest first.
std::vector<std::string> attacker_contexts(std::string_view text,
                                           const std::vector<std::string>& environment = {});

}  // namespace exitgate::check
