// A migration's SQL file, made ready for the parser.
#pragma once

#include <string>
#include <string_view>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

// Adds what the file does on the way up: blank, in its place, is what follows `-- migrate:down`,
// `-- +goose Down` and `-- +migrate Down`, psql's own commands and the data of COPY. What a command of psql's
// hides (an included file, statements that \gexec makes) is undecided.
void add_upgrade(std::string_view text, Statements& statements);

}  // namespace exitgate::collect
