// What GitLab refuses of the values of single keywords.
#pragma once

#include <string>
#include <string_view>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// The value of a keyword that jobs have, and some of them `default:` or the top as well; of others nothing is said.
// `of`: "job 'test'", "'default'", or "" at the top.
void validate_key(std::string_view key, const yaml::Node& value, const std::string& of, Checks& checks);

void validate_default(const yaml::Node& value, Checks& checks);

void validate_inherit(const yaml::Node& inherit, const std::string& of, Checks& checks);

enum class Variables { root, job, rule, service };
void validate_variables(const yaml::Node& variables, const std::string& what, Variables kind, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
