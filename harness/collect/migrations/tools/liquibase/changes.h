// What the changes of a Liquibase change set take away.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/collect/migrations/tools/liquibase/xml.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect {

// Whether a list of `dbms` has PostgreSQL: "postgresql, h2", "!oracle".
bool runs_on_postgresql(std::string_view dbms);

// Of a change set of YAML or JSON, whose `changes` are read.
std::vector<Statement> statements_of_changes(const yaml::Node& change_set, std::string_view text);
// Of the change set that begins with tag `first` and ends with `last`.
std::vector<Statement> statements_of_changes(const std::vector<XmlTag>& tags, std::size_t first,
                                             std::size_t last, std::string_view text);

}  // namespace exitgate::collect
