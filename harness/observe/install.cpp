// What lies in an observed database: one function, and the event triggers that call it.
#include <fmt/core.h>

#include <string_view>

#include "harness/observe/observe.h"

namespace exitgate::observe {

namespace {

// It does no harm to what it observes: a mistake of its own is told in the log and goes no further; it needs nothing of the
// role or the search_path of the session, tells the client nothing, and writes no table.
//
// What a statement did is what is otherwise at its end than it was at its beginning. For that the session keeps settings: the
// locks that its transaction is known to hold (gone with the transaction or savepoint, as the locks are), the number of
// times that each table was read from end to end, and an OID that was given out at the beginning: relations and files with
// later numbers are new. So nothing is read of the whole schema for each statement.
//
// An event is one line in the log, "exitgate " and JSON:
//   start: locks taken since the event before, by statements of other kinds; lock_timeout, statement_timeout
//   drop:  [kind, identity, oid, temporary, cascaded] of each object
//   rewrite: oid and reason
//   end:   locks [oid, strength from 1 to 8, relkind, name, table of an index], scans {oid: times},
//          written [oid, relkind, name, table of an index] of files made, objects [kind, identity, oid, temporary, of an
//          extension, tag]
constexpr std::string_view kFunction = R"sql(
CREATE FUNCTION pg_exitgate.observe() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET client_min_messages = error SET log_min_messages = log
SET log_min_error_statement = panic SET row_security = off SET quote_all_identifiers = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $observe$
DECLARE
  told jsonb := jsonb_build_object('event', TG_EVENT, 'tag', TG_TAG, 'at', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
  marker oid;
  held jsonb;
  before jsonb;
  scans jsonb;
  objects jsonb;
  written jsonb;
  relations oid[];
BEGIN
  IF TG_EVENT = 'table_rewrite' THEN
    RAISE LOG 'exitgate %', told || jsonb_build_object(
      'oid', pg_event_trigger_table_rewrite_oid()::bigint, 'reason', pg_event_trigger_table_rewrite_reason());
    RETURN;
  END IF;
  IF TG_EVENT = 'sql_drop' THEN
    RAISE LOG 'exitgate %', told || jsonb_build_object('dropped', (
      SELECT jsonb_agg(jsonb_build_array(object_type, object_identity, objid::bigint, is_temporary, NOT original))
      FROM pg_event_trigger_dropped_objects()
      WHERE schema_name IS DISTINCT FROM 'pg_toast' AND (original OR object_type <> 'type')));
    RETURN;
  END IF;
  before := coalesce(nullif(current_setting('pg_exitgate.held', true), ''), '{}');
  IF TG_EVENT = 'ddl_command_end' THEN
    marker := nullif(current_setting('pg_exitgate.marker', true), '');
    BEGIN
      SELECT jsonb_agg(jsonb_build_array(object_type, object_identity, objid::bigint,
          schema_name IS NOT DISTINCT FROM 'pg_temp', in_extension, command_tag)), array_agg(objid)
        INTO objects, relations FROM pg_event_trigger_ddl_commands();
      told := told || jsonb_build_object('objects', objects);
    EXCEPTION WHEN OTHERS THEN
      told := told || jsonb_build_object('problem', SQLERRM);
    END;
  END IF;
  SELECT coalesce(jsonb_object_agg(relation, strength), '{}') INTO held FROM (
    SELECT relation, max(CASE mode WHEN 'AccessShareLock' THEN 1 WHEN 'RowShareLock' THEN 2 WHEN 'RowExclusiveLock' THEN 3
      WHEN 'ShareUpdateExclusiveLock' THEN 4 WHEN 'ShareLock' THEN 5 WHEN 'ShareRowExclusiveLock' THEN 6
      WHEN 'ExclusiveLock' THEN 7 WHEN 'AccessExclusiveLock' THEN 8 END) AS strength
    FROM pg_lock_status()
    WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted AND relation >= 16384
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY relation) AS l;
  IF held <> before THEN
    told := told || jsonb_build_object('locks', (
      SELECT jsonb_agg(jsonb_build_array(h.key::bigint, h.value::int, c.relkind,
        quote_ident(n.nspname) || '.' || quote_ident(c.relname), i.indrelid::bigint))
      FROM jsonb_each_text(held) AS h LEFT JOIN pg_class c ON c.oid = h.key::oid
        LEFT JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
      WHERE h.value::int > coalesce((before->>h.key)::int, 0) AND (marker IS NULL OR h.key::oid < marker)
        AND c.relkind IS DISTINCT FROM 't' AND n.nspname IS DISTINCT FROM 'pg_toast'));
    PERFORM set_config('pg_exitgate.held', held::text, true);
  END IF;
  IF TG_EVENT = 'ddl_command_start' THEN
    marker := pg_nextoid('pg_class', 'oid', 'pg_class_oid_index');
    -- How often each table was read before the transaction began, and before the statement; what a transaction reads it has
    -- a lock on. The session's list of tables grows with those that it makes.
    scans := nullif(current_setting('pg_exitgate.base', true), '');
    IF scans IS NULL THEN
      relations := nullif(current_setting('pg_exitgate.tables', true), '');
      IF relations IS NULL THEN
        relations := array(SELECT oid FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm'));
        PERFORM set_config('pg_exitgate.tables', relations::text, false);
      END IF;
      SELECT jsonb_object_agg(oid, times) INTO scans FROM (
        SELECT oid, pg_stat_get_xact_numscans(oid) AS times FROM unnest(relations) AS oid) AS s WHERE times > 0;
      scans := coalesce(scans, '{}');
      PERFORM set_config('pg_exitgate.base', scans::text, true);
    END IF;
    IF held <> '{}' THEN
      SELECT scans || coalesce(jsonb_object_agg(key, times), '{}') INTO scans FROM (
        SELECT key, pg_stat_get_xact_numscans(key::oid) AS times FROM jsonb_object_keys(held) AS key) AS s WHERE times > 0;
    END IF;
    PERFORM set_config('pg_exitgate.marker', marker::text, false), set_config('pg_exitgate.scans', scans::text, false);
    RAISE LOG 'exitgate %', told || jsonb_build_object('lock_timeout', current_setting('lock_timeout'),
      'statement_timeout', current_setting('statement_timeout'),
      'at', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    RETURN;
  END IF;
  -- What the transaction has a lock on, and what the statement was about, whose locks may be gone.
  IF relations IS NOT NULL THEN
    relations := relations || array(SELECT indrelid FROM pg_index WHERE indexrelid = ANY (relations));
  END IF;
  relations := relations || array(SELECT key::oid FROM jsonb_object_keys(held) AS key);
  before := coalesce(nullif(current_setting('pg_exitgate.scans', true), ''), '{}');
  SELECT jsonb_object_agg(oid, times) INTO scans FROM (
    SELECT oid, pg_stat_get_xact_numscans(oid) AS times FROM unnest(relations) AS oid) AS s
    WHERE times > coalesce((before->>(oid::text))::bigint, 0);
  IF scans IS NOT NULL THEN
    told := told || jsonb_build_object('scans', (
      SELECT jsonb_object_agg(key, value::bigint - coalesce((before->>key)::bigint, 0)) FROM jsonb_each_text(scans)
      WHERE key::oid < marker));
    PERFORM set_config('pg_exitgate.scans', (before || scans)::text, false);
  END IF;
  relations := array(SELECT oid FROM pg_class WHERE oid = ANY (relations) AND relfilenode > marker
    AND (oid < marker AND relkind IN ('r', 'm') OR relkind = 'i'));
  IF relations <> '{}' THEN
    SELECT jsonb_agg(jsonb_build_array(c.oid::bigint, c.relkind,
        quote_ident(n.nspname) || '.' || quote_ident(c.relname), i.indrelid::bigint)) INTO written
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
      WHERE c.oid = ANY (relations) AND n.nspname <> 'pg_toast';
  END IF;
  told := told || jsonb_build_object('written', written);
  relations := array(SELECT (o->>2)::oid FROM jsonb_array_elements(objects) AS o
    WHERE o->>0 IN ('table', 'materialized view') AND (o->>2)::oid > marker);
  IF relations <> '{}' THEN
    PERFORM set_config('pg_exitgate.tables', (current_setting('pg_exitgate.tables')::oid[] || relations)::text, false);
  END IF;
  RAISE LOG 'exitgate %', told;
EXCEPTION WHEN OTHERS THEN
  RAISE LOG 'exitgate %', jsonb_build_object('event', TG_EVENT, 'tag', TG_TAG, 'at', told->'at', 'problem', SQLERRM);
END $observe$
)sql";

constexpr std::string_view kTriggers[][2] = {{"pg_exitgate_start", "ddl_command_start"},
                                             {"pg_exitgate_end", "ddl_command_end"},
                                             {"pg_exitgate_drop", "sql_drop"},
                                             {"pg_exitgate_rewrite", "table_rewrite"}};

}  // namespace

void install(database::Connection& connection) {
  if (connection.query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'pg_exitgate'").rows() > 0)
    return;
  // A name that begins with pg_ is taken for the system's by PostgreSQL, pg_dump and nearly every other tool.
  std::string sql = "BEGIN; SET LOCAL allow_system_table_mods = on; CREATE SCHEMA pg_exitgate;";
  sql.append(kFunction).append("; REVOKE ALL ON FUNCTION pg_exitgate.observe() FROM PUBLIC;");
  for (const auto& [name, event] : kTriggers) {
    // Also under session_replication_role = replica.
    sql += fmt::format(
        "CREATE EVENT TRIGGER {0} ON {1} EXECUTE FUNCTION pg_exitgate.observe(); ALTER EVENT TRIGGER {0} "
        "ENABLE ALWAYS;",
        name, event);
  }
  connection.query(sql + "COMMIT");
}

void uninstall(database::Connection& connection) {
  std::string sql = "BEGIN; SET LOCAL client_min_messages = error;";
  for (const auto& trigger : kTriggers) sql += fmt::format("DROP EVENT TRIGGER IF EXISTS {};", trigger[0]);
  connection.query(sql + "DROP SCHEMA IF EXISTS pg_exitgate CASCADE; COMMIT");
}

}  // namespace exitgate::observe
