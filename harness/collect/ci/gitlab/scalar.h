// What GitLab's YAML reader (Psych, which speaks YAML 1.1) makes of a scalar, where that differs from our own reader.
#pragma once

#include <optional>
#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// The tag of a node that stands for what is known only then, or is written in a file that is not here: no rule about
// values applies to it.
constexpr std::string_view kUnknown = "!unknown";
constexpr std::string_view kReference = "!reference";

// Also where the text keeps a `$[[ … ]]` that nothing was put into.
bool is_unknown(const yaml::Node& node);

// `yes`, `no`, `on` and `off` are booleans, too.
std::optional<bool> boolean_of(const yaml::Node& node);
bool is_integer(const yaml::Node& node);
bool is_number(const yaml::Node& node);
// Neither null, nor boolean, nor a number.
bool is_string(const yaml::Node& node);
// A date or a time, which GitLab refuses wherever it stands ("Tried to load unspecified class: Date").
bool is_date(const yaml::Node& node);
// Null, an empty string or only white space, an empty list or mapping, false.
bool is_blank(const yaml::Node& node);

}  // namespace exitgate::collect::ci::gitlab
