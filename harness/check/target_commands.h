// What checks say of the target's own commands: schema.model_check and schema.test_run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exitgate::check {

// Whether a command was never begun: there was no database, no tree, no time.
bool was_not_begun(std::string_view outcome);

// Whether it says nothing, because the shell found no program of the name, or the command was ended before its end.
bool could_not_run(std::optional<std::int64_t> exit_code);

// The last three lines that say something, in one line of at most 400 bytes.
std::string last_lines(std::string_view tail);

}  // namespace exitgate::check
