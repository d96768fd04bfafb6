// What GitLab refuses of `rules:`, `only:` and `except:`, and of `needs:` wherever it stands.
#pragma once

#include <string>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

enum class Rules { job, workflow, include };

// `of`: whose they are, in messages: "job 'test'".
void validate_rules(const yaml::Node& rules, const std::string& of, Rules kind, Checks& checks);

// `only:` or `except:`.
void validate_policy(const yaml::Node& policy, const std::string& what, Checks& checks);

enum class Needs { script, trigger, rule };

void validate_needs_key(const yaml::Node& needs, const std::string& what, Needs kind, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
