// The statements of a text, and the tag of each by its words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::observe {

// The statements of one message, as the server takes them one by one: without their semicolons, comments before them
// included. A text that cannot be taken apart is one statement.
std::vector<std::string_view> split_statements(std::string_view text);

// PostgreSQL's tag by the first words: "ALTER TABLE", "CREATE INDEX", "SELECT"; "" for what is no statement.
std::string tag_by_words(std::string_view statement);

// Whether event triggers fire for it: not for what belongs to the whole server, nor for other event triggers.
bool fires_event_triggers(std::string_view tag);

enum class Nature {
  control,  // SET, BEGIN, COMMIT, PREPARE …: about the session alone
  reads,    // SELECT, EXPLAIN, COPY … TO
  writes,   // INSERT, UPDATE, DELETE, MERGE, COPY … FROM, TRUNCATE, or a SELECT with one of them in it
  other,    // changes the schema, or runs code, or is unknown
};
Nature nature_of(std::string_view tag, std::string_view statement);

}  // namespace exitgate::observe
