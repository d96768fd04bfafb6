// One file of a configuration as GitLab's YAML reader takes it: its header (`spec:`) apart, of keys that are given twice the
// last, merge keys put in.
#pragma once

#include <string>
#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

struct Document {
  yaml::Node header;  // null for none
  yaml::Node body;
};

// Throws yaml::Problem for what Psych does not read; a date is one such thing.
Document read_document(std::string_view text);

}  // namespace exitgate::collect::ci::gitlab
