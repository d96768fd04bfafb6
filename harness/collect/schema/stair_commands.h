// The commands that take a database to one revision and back.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/schema/stairway.h"
#include "harness/config/config.h"

namespace exitgate::collect::schema {

// The three commands: as declared, else those of the tool that a step runs; `step` gets the step that they stand in for.
// Throws Undecided when they are not known.
config::Stairs commands_of(const config::Database& declared, config::Step& step);

// {revision} and {parent} filled in.
std::string filled(std::string text, const Stair& stair);

// The declared steps before the one that migrates, which may need them: a configuration that is written.
std::vector<config::Step> steps_before(const config::Database& declared);

}  // namespace exitgate::collect::schema
