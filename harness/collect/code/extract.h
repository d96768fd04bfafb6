// One function for each kind of fact in a Python file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

std::vector<Fixture> find_fixtures(const syntax::Tree& tree, const syntax::Names& names);
std::vector<Hook> find_hooks(const syntax::Tree& tree, const syntax::Names& names);
std::vector<SchemaCall> find_schema_calls(const syntax::Tree& tree, const syntax::Names& names);
// Adds tables made by Tortoise, Peewee, SQLAlchemy's Table and DDL elements, and Django without its migrations.
void find_schema_objects(const syntax::Tree& tree, const syntax::Names& names,
                         std::vector<SchemaCall>& found);
// create_all and drop_all where the module itself defines them as plain functions, and binds them in no other way.
std::vector<std::string> find_own_functions(const syntax::Tree& tree);
// `files`: what the commit's files give the variables, where the code loads them.
std::vector<EnvironmentRead> find_environment_reads(const syntax::Tree& tree, const syntax::Names& names,
                                                    const FileValues& files = {});
// Variables that the module's own statements give a value.
std::vector<StoredVariable> find_stored_variables(const syntax::Tree& tree, const syntax::Names& names,
                                                  const FileValues& files = {});
// Adds those of pydantic's settings classes.
void find_settings_reads(const syntax::Tree& tree, const syntax::Names& names, const FileValues& files,
                         std::vector<EnvironmentRead>& found);

// True when pytest calls a function of this name by itself.
bool is_pytest_hook(std::string_view name);

// Nearest function, class or lambda around a node, or kNoNode at module level.
syntax::Id enclosing_definition(const syntax::Tree& tree, syntax::Id node);

}  // namespace exitgate::collect::code
