#include "harness/collect/migrations/tools/alembic/operations.h"

#include <algorithm>
#include <array>
#include <set>

namespace exitgate::collect {

bool makes_only(std::string_view operation) {
  constexpr std::array<std::string_view, 22> kNames = {"add_column",
                                                       "batch_alter_table",
                                                       "bulk_insert",
                                                       "create_check_constraint",
                                                       "create_entity",
                                                       "create_exclude_constraint",
                                                       "create_foreign_key",
                                                       "create_index",
                                                       "create_primary_key",
                                                       "create_table",
                                                       "create_table_comment",
                                                       "create_unique_constraint",
                                                       "drop_index",
                                                       "drop_table_comment",
                                                       "f",
                                                       "get_bind",
                                                       "get_context",
                                                       "implementation_for",
                                                       "inline_literal",
                                                       "migration_context",
                                                       "register_operation",
                                                       "schema_obj"};
  return std::find(kNames.begin(), kNames.end(), operation) != kNames.end();
}

bool is_foreign(std::string_view package) {
  static const std::set<std::string_view> kKnown = {
      "alembic",     "sqlalchemy", "array",   "asyncio",  "calendar",    "click",     "codecs",
      "collections", "contextlib", "copy",    "csv",      "dataclasses", "datetime",  "decimal",
      "enum",        "functools",  "gc",      "glob",     "hashlib",     "io",        "itertools",
      "json",        "locale",     "logging", "loguru",   "math",        "operator",  "os",
      "pathlib",     "pprint",     "random",  "re",       "rich",        "secrets",   "shutil",
      "string",      "structlog",  "sys",     "tempfile", "textwrap",    "threading", "time",
      "tqdm",        "traceback",  "types",   "typing",   "unicodedata", "uuid",      "warnings",
      "zoneinfo"};
  return kKnown.count(package) == 0;
}

}  // namespace exitgate::collect
