// The functions of `$[[ inputs.name | function ]]`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace exitgate::collect::ci::gitlab {

// Whether `call` ("truncate(0,8)") is a call of a function that GitLab has, with arguments that it takes.
bool is_input_function(std::string_view call);

// What the function makes of a string; nullopt where only the run knows (variables that `expand_vars` puts in).
std::optional<std::string> call_input_function(std::string_view call, std::string_view text);

}  // namespace exitgate::collect::ci::gitlab
