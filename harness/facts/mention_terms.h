// The terms that code.mention is about: what the evidence document reports on.
#pragma once

#include <string_view>

namespace exitgate::facts {

struct MentionTerm {
  std::string_view name;
  bool any_case;    // "MANIFEST" counts as well
  bool whole_word;  // "recreate_all" does not count
};

inline constexpr MentionTerm kMentionTerms[] = {
    // how the schema comes to be
    {"create_all", false, true},
    {"drop_all", false, true},
    {"alembic upgrade", false, true},
    {"alembic downgrade", false, true},
    {"alembic current", false, true},
    {"alembic heads", false, true},
    {"command.upgrade", false, true},
    {"command.downgrade", false, true},
    {"DATABASE_URL", false, true},
    // how it is dumped
    {"pg_dump", false, true},
    {"schema-only", false, true},
    // what evidence is made with
    {"manifest", true, false},
    {"sha256", true, false},
    {"checksum", true, false},
};

}  // namespace exitgate::facts
