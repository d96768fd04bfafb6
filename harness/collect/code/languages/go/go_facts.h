// One function for each kind of fact in a Go file.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/collect/code/languages/go/go_names.h"

namespace exitgate::collect::code::go {

// By os and syscall, and by functions of the file that hand their name on to it.
void find_environment_reads(const GoNames& names, std::vector<EnvironmentRead>& found);
// By viper: BindEnv, and the keys with a default where AutomaticEnv is asked for.
void find_viper_reads(const GoNames& names, std::vector<EnvironmentRead>& found);
// By the tags of a struct's fields: caarlos0/env, sethvargo/go-envconfig, cleanenv (`env:"X"`), kelseyhightower/envconfig.
void find_tag_reads(const GoNames& names, std::vector<EnvironmentRead>& found);
// TestMain, and those of testify and Ginkgo.
void find_hooks(std::string_view path, const GoNames& names, std::vector<Hook>& found);
// GORM, ent, Bun, xorm and go-pg.
void find_schema_calls(const GoNames& names, std::vector<SchemaCall>& found);

}  // namespace exitgate::collect::code::go
