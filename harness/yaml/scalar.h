// YAML 1.2 core schema: which value a plain scalar is.
#pragma once

#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::yaml {

// Sets kind and value of `node` from its text, as the core schema resolves a plain scalar. An integer that 64
// bits do not hold is a real.
void resolve_plain(Node& node);

bool is_null_text(std::string_view text);
// These set the value and say whether the text has that form.
bool read_boolean(std::string_view text, Node& node);
bool read_integer(std::string_view text, Node& node);
bool read_real(std::string_view text, Node& node);

}  // namespace exitgate::yaml
