#include "harness/collect/schema/restorations.h"

#include <fmt/core.h>

#include <array>

#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

using Columns = std::vector<std::optional<std::string>>;

std::string text_of(const Columns& columns, std::size_t at) {
  return at < columns.size() ? normal_expression(columns[at].value_or("")) : "";
}

// What stands behind "table " and the like.
std::string parent_name(const Object& object) {
  for (const std::string_view kind : {"table ", "foreign table ", "view ", "materialized view ", "domain "}) {
    if (object.parent.starts_with(kind)) return always_quoted(object.parent.substr(kind.size()));
  }
  return "";
}

// Takes `end` off the end of `text`, and whether it was there.
bool take_end(std::string& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.resize(text.size() - end.size());
  return true;
}

std::string regclass(const std::string& name) {
  return literal(name) + "::pg_catalog.regclass";
}

std::optional<Restoration> of_constraint(const Object& object) {
  std::string core = object.definition;
  if (!core.starts_with("CHECK (") && !core.starts_with("EXCLUDE ")) return std::nullopt;
  const bool check = core.starts_with("CHECK (");
  // Rows that are there do not matter.
  const bool invalid = take_end(core, " NOT VALID");
  const bool of_domain = object.parent.starts_with("domain ");
  const std::string parent = parent_name(object);
  Restoration way;
  way.statements = {fmt::format("ALTER {} {} ADD CONSTRAINT {} {}{}", of_domain ? "DOMAIN" : "TABLE", parent,
                                kProbe, core, check ? " NOT VALID" : "")};
  way.query = fmt::format(
      "SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE conname = '{}' AND {} "
      "= {}",
      kProbe, of_domain ? "contypid" : "conrelid",
      of_domain ? literal(parent) + "::pg_catalog.regtype" : regclass(parent));
  way.definition = [invalid](const Columns& columns) {
    std::string text = text_of(columns, 0);
    take_end(text, " NOT VALID");
    return invalid ? text + " NOT VALID" : text;
  };
  return way;
}

// Where the options of a column begin that stand behind its expression; the text's end without any.
std::size_t behind_expression(const std::string& definition, std::size_t from) {
  for (std::size_t at = definition.size(); at-- > from;) {
    for (const std::string_view word :
         {" STORAGE ", " COMPRESSION ", " STATISTICS ", " WITH (", " OPTIONS ("}) {
      if (definition.compare(at, word.size(), word) == 0 && definition.find('\'', at) == std::string::npos &&
          definition.find("::", at) == std::string::npos) {
        const std::size_t earlier = behind_expression(definition.substr(0, at), from);
        return earlier;
      }
    }
  }
  return definition.size();
}

std::optional<Restoration> of_column(const Object& object) {
  const std::string& whole = object.definition;
  const std::string parent = parent_name(object);
  Restoration way;
  constexpr std::string_view kGenerated = " GENERATED ALWAYS AS (";
  if (const std::size_t generated = whole.find(kGenerated); generated != std::string::npos) {
    const std::size_t end = behind_expression(whole, generated + kGenerated.size());
    const std::string kind = whole.substr(0, end).ends_with(" VIRTUAL") ? " VIRTUAL" : " STORED";
    const std::string head = whole.substr(0, generated + kGenerated.size());
    const std::string tail = ")" + kind + whole.substr(end);
    way.statements = {fmt::format("ALTER TABLE {} ADD COLUMN {} {}", parent, kProbe, whole.substr(0, end))};
    way.query = fmt::format(
        "SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d "
        "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
        "WHERE d.adrelid = {} AND a.attname = '{}'",
        regclass(parent), kProbe);
    way.definition = [head, tail](const Columns& columns) { return head + text_of(columns, 0) + tail; };
    return way;
  }
  constexpr std::string_view kDefault = " DEFAULT ";
  const std::size_t at = whole.find(kDefault);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + kDefault.size();
  const std::size_t end = behind_expression(whole, start);
  way.statements = {fmt::format("ALTER {} {} ALTER COLUMN {} SET DEFAULT {}",
                                object.parent.starts_with("view ") ? "VIEW" : "TABLE", parent,
                                always_quoted(quoted(object.name)), whole.substr(start, end - start))};
  way.query = fmt::format(
      "SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d "
      "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
      "WHERE d.adrelid = {} AND a.attname = {}",
      regclass(parent), literal(object.name));
  way.definition = [head = whole.substr(0, start), tail = whole.substr(end)](const Columns& columns) {
    return head + text_of(columns, 0) + tail;
  };
  return way;
}

std::optional<Restoration> of_domain(const Object& object) {
  const std::string& whole = object.definition;
  const std::size_t as = whole.find(" AS ");
  const std::size_t at = whole.find(" DEFAULT ");
  if (as == std::string::npos || at == std::string::npos) return std::nullopt;
  Restoration way;
  way.statements = {fmt::format("CREATE DOMAIN pg_temp.{}{}", kProbe, whole.substr(as))};
  way.query = fmt::format(
      "SELECT coalesce(pg_catalog.pg_get_expr(typdefaultbin, 0), typdefault) FROM pg_catalog.pg_type "
      "WHERE oid = 'pg_temp.{}'::pg_catalog.regtype",
      kProbe);
  way.definition = [head = whole.substr(0, at + 9)](const Columns& columns) {
    return head + text_of(columns, 0);
  };
  return way;
}

// The words behind an index that are no part of its CREATE INDEX.
std::size_t index_marks(const std::string& definition) {
  std::string text = definition;
  for (bool taken = true; taken;) {
    taken = false;
    for (const std::string_view mark : {" INVALID", " NOT READY", " CLUSTER", " REPLICA IDENTITY"}) {
      taken = take_end(text, mark) || taken;
    }
    const std::size_t at = text.rfind(" ALTER COLUMN ");
    if (at != std::string::npos && text.find(" SET STATISTICS ", at) != std::string::npos &&
        text.find_first_of("'\")", at) == std::string::npos) {
      text.resize(at);
      taken = true;
    }
  }
  return text.size();
}

std::optional<Restoration> of_index(const Object& object) {
  const std::string& whole = object.definition;
  const std::size_t table = whole.find(" ON ");
  const std::size_t method = table == std::string::npos ? table : whole.find(" USING ", table);
  if (method == std::string::npos) return std::nullopt;
  const std::size_t end = index_marks(whole);
  Restoration way;
  way.statements = {fmt::format("CREATE INDEX {} ON {}{}", kProbe, parent_name(object),
                                whole.substr(method, end - method))};
  way.query = fmt::format(
      "SELECT pg_catalog.pg_get_indexdef(x.indexrelid) FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c "
      "ON c.oid = x.indexrelid WHERE c.relname = '{}' AND x.indrelid = {}",
      kProbe, regclass(parent_name(object)));
  way.definition = [head = whole.substr(0, method), tail = whole.substr(end)](const Columns& columns) {
    const std::string text = text_of(columns, 0);
    const std::size_t using_at = text.find(" USING ");
    return head + (using_at == std::string::npos ? text : text.substr(using_at)) + tail;
  };
  return way;
}

std::optional<Restoration> of_view(const Object& object) {
  constexpr std::string_view kAs = "\nAS\n";
  const std::size_t at = object.definition.find(kAs);
  if (at == std::string::npos) return std::nullopt;
  Restoration way;
  way.statements = {
      fmt::format("CREATE VIEW pg_temp.{} AS\n{}", kProbe, object.definition.substr(at + kAs.size()))};
  way.query =
      fmt::format("SELECT pg_catalog.pg_get_viewdef({})", regclass(fmt::format("pg_temp.{}", kProbe)));
  way.definition = [head = object.definition.substr(0, at + kAs.size())](const Columns& columns) {
    return head + text_of(columns, 0);
  };
  return way;
}

std::optional<Restoration> of_partition_key(const Object& object) {
  constexpr std::string_view kBy = "\nPARTITION BY ";
  const std::string& whole = object.definition;
  const std::size_t at = whole.find(kBy);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + kBy.size();
  const std::size_t end = std::min(whole.find('\n', start), whole.size());
  Restoration way;
  way.statements = {fmt::format("CREATE TABLE pg_temp.{} (LIKE {}) PARTITION BY {}", kProbe,
                                always_quoted(object.identity), whole.substr(start, end - start))};
  way.query =
      fmt::format("SELECT pg_catalog.pg_get_partkeydef({})", regclass(fmt::format("pg_temp.{}", kProbe)));
  way.definition = [head = whole.substr(0, start), tail = whole.substr(end)](const Columns& columns) {
    return head + text_of(columns, 0) + tail;
  };
  return way;
}

std::optional<Restoration> of_policy(const Object& object) {
  const std::string& whole = object.definition;
  const std::size_t to = whole.find(" TO ");
  const std::size_t clauses = std::min(whole.find(" USING ("), whole.find(" WITH CHECK ("));
  if (to == std::string::npos || clauses == std::string::npos || to > clauses) return std::nullopt;
  Restoration way;
  // For PUBLIC: its roles may not be here.
  way.statements = {fmt::format("CREATE POLICY {} ON {} {}{}", kProbe, parent_name(object),
                                whole.substr(0, to), whole.substr(clauses))};
  way.query = fmt::format(
      "SELECT pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid) "
      "FROM pg_catalog.pg_policy WHERE polname = '{}' AND polrelid = {}",
      kProbe, regclass(parent_name(object)));
  way.definition = [head = whole.substr(0, clauses)](const Columns& columns) {
    std::string text = head;
    if (columns.at(0)) text += fmt::format(" USING ({})", text_of(columns, 0));
    if (columns.at(1)) text += fmt::format(" WITH CHECK ({})", text_of(columns, 1));
    return text;
  };
  return way;
}

// The state of a trigger or rule, which stands behind its definition.
std::string take_state(std::string& definition) {
  for (const std::string_view state : {" DISABLED", " ENABLED FOR REPLICA", " ENABLED ALWAYS"}) {
    if (take_end(definition, state)) return std::string(state);
  }
  return "";
}

// "CREATE TRIGGER name …" and "CREATE RULE name …", under another name, and back again.
std::optional<Restoration> of_named(const Object& object, std::string_view word, std::string_view reading) {
  std::string core = object.definition;
  const std::string state = take_state(core);
  const std::size_t at = core.find(word);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + word.size();
  std::string name = quoted(object.name);
  if (core.compare(start, name.size() + 1, name + " ") != 0) name = '"' + object.name + '"';  // a key word
  if (core.compare(start, name.size() + 1, name + " ") != 0) return std::nullopt;
  Restoration way;
  way.statements = {core.substr(0, start) + kProbe + core.substr(start + name.size())};
  way.query = fmt::format(fmt::runtime(reading), kProbe, regclass(parent_name(object)));
  way.definition = [start, name, state](const Columns& columns) {
    std::string text = text_of(columns, 0);
    if (text.compare(start, std::string_view(kProbe).size(), kProbe) == 0) {
      text.replace(start, std::string_view(kProbe).size(), name);
    }
    return text + state;
  };
  return way;
}

std::optional<Restoration> of_function(const Object& object) {
  Restoration way;
  way.statements = {object.definition};
  // The one that this transaction wrote.
  way.query =
      "SELECT pg_catalog.btrim(pg_catalog.pg_get_functiondef(oid), E' \\n\\r\\t') FROM pg_catalog.pg_proc "
      "WHERE xmin::text::bigint = pg_catalog.txid_current() % 4294967296";
  way.definition = [](const Columns& columns) { return columns.at(0).value_or(""); };
  return way;
}

std::optional<Restoration> of_statistics(const Object& object) {
  std::string core = object.definition;
  std::string target;
  const std::size_t at = core.rfind(" STATISTICS ");
  if (at != std::string::npos && at > 0 &&
      core.find_first_not_of("0123456789", at + 12) == std::string::npos) {
    target = core.substr(at);
    core.resize(at);
  }
  Restoration way;
  way.statements = {fmt::format("DROP STATISTICS {}", always_quoted(object.identity)), core};
  way.query =
      "SELECT pg_catalog.pg_get_statisticsobjdef(oid) FROM pg_catalog.pg_statistic_ext "
      "WHERE xmin::text::bigint = pg_catalog.txid_current() % 4294967296";
  way.definition = [target](const Columns& columns) { return text_of(columns, 0) + target; };
  return way;
}

// A server may write a locale in a form of its own ("de@collation=phonebook" as "de-u-co-phonebk" since 16).
std::optional<Restoration> of_collation(const Object& object) {
  const std::string& whole = object.definition;
  constexpr std::string_view kLocale = ", LOCALE = ";
  const std::size_t at = whole.find(kLocale);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + kLocale.size();
  const std::size_t end = behind_quoted(whole, start);
  Restoration way;
  way.statements = {fmt::format("CREATE COLLATION pg_temp.{} ({})", kProbe, whole)};
  way.query = fmt::format(
      "SELECT pg_catalog.quote_literal(coalesce(j ->> 'colllocale', j ->> 'colliculocale', j ->> "
      "'collcollate')) FROM pg_catalog.pg_collation c, LATERAL pg_catalog.to_jsonb(c) j "
      "WHERE c.oid = 'pg_temp.{}'::pg_catalog.regcollation",
      kProbe);
  way.definition = [head = whole.substr(0, start), tail = whole.substr(end)](const Columns& columns) {
    return head + columns.at(0).value_or("") + tail;
  };
  return way;
}

std::optional<Restoration> of_publication(const Object& object) {
  const std::size_t options = object.definition.rfind(" WITH (publish = ");
  if (options == std::string::npos || object.definition.find(" WHERE ") == std::string::npos)
    return std::nullopt;
  Restoration way;
  way.statements = {fmt::format("CREATE PUBLICATION {} {}", kProbe, object.definition.substr(0, options))};
  way.query = fmt::format(
      "SELECT pg_catalog.string_agg(one, ', ' ORDER BY one COLLATE \"C\") FROM ("
      "SELECT 'TABLE ' || r.prrelid::pg_catalog.regclass || coalesce(' (' || (SELECT pg_catalog.string_agg("
      "pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE "
      "a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::int2[])) || ')', '') || coalesce(' WHERE ' || "
      "pg_catalog.pg_get_expr(r.prqual, r.prrelid), '') AS one FROM pg_catalog.pg_publication_rel r "
      "JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = '{0}' UNION ALL "
      "SELECT 'TABLES IN SCHEMA ' || pg_catalog.quote_ident(n.nspname) FROM "
      "pg_catalog.pg_publication_namespace r "
      "JOIN pg_catalog.pg_publication p ON p.oid = r.pnpubid JOIN pg_catalog.pg_namespace n ON n.oid = "
      "r.pnnspid "
      "WHERE p.pubname = '{0}') each",
      kProbe);
  way.definition = [tail = object.definition.substr(options)](const Columns& columns) {
    return "FOR " + text_of(columns, 0) + tail;
  };
  return way;
}

}  // namespace

std::string always_quoted(std::string_view identity) {
  std::string result = "\"";
  bool in_quotes = false;
  for (std::size_t at = 0; at < identity.size(); ++at) {
    const char c = identity[at];
    if (c == '"') {
      // Inside quotes, two are one.
      if (in_quotes && at + 1 < identity.size() && identity[at + 1] == '"') {
        result += "\"\"";
        ++at;
      } else {
        in_quotes = !in_quotes;
      }
    } else if (c == '.' && !in_quotes) {
      result += "\".\"";
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::optional<Restoration> restoration_of(const Object& object) {
  const std::string& kind = object.kind;
  if (kind == "constraint") return of_constraint(object);
  if (kind == "column") return of_column(object);
  if (kind == "domain") return of_domain(object);
  if (kind == "index") return of_index(object);
  if (kind == "view" || kind == "materialized view") return of_view(object);
  if (kind == "table") return of_partition_key(object);
  if (kind == "policy") return of_policy(object);
  if (kind == "trigger") {
    return of_named(object, "TRIGGER ",
                    "SELECT pg_catalog.pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger WHERE tgname = '{}' "
                    "AND tgrelid = {}");
  }
  if (kind == "rule") {
    return of_named(object, "RULE ",
                    "SELECT pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite WHERE rulename = '{}' "
                    "AND ev_class = {}");
  }
  if (kind == "function" || kind == "procedure") return of_function(object);
  if (kind == "statistics") return of_statistics(object);
  if (kind == "publication") return of_publication(object);
  if (kind == "collation") return of_collation(object);
  return std::nullopt;
}

}  // namespace exitgate::collect::schema
