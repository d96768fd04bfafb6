#include "harness/collect/schema/ddl_watch.h"

#include <fmt/core.h>

#include <map>
#include <thread>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::string_view kMark = "LOG:  exitgate-ddl ";

// In pg_catalog, where neither dumps nor comparisons of schemas look. A statement never fails because of it.
constexpr const char* kInstall = R"sql(
CREATE OR REPLACE FUNCTION pg_catalog.exitgate_saw_ddl() RETURNS event_trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog AS $saw$
DECLARE one record;
BEGIN
  FOR one IN SELECT command_tag, object_type, object_identity, coalesce(schema_name = 'pg_temp', false) AS temporary
             FROM pg_event_trigger_ddl_commands()
             WHERE NOT in_extension AND (command_tag = tg_tag OR object_type = 'table') LOOP
    RAISE LOG 'exitgate-ddl %', json_build_object('database', current_database(), 'command', one.command_tag,
      'kind', one.object_type, 'identity', one.object_identity, 'temporary', one.temporary,
      'transaction', txid_current()::text, 'text', left(current_query(), 2000));
  END LOOP;
EXCEPTION WHEN OTHERS THEN NULL;
END $saw$;
CREATE OR REPLACE FUNCTION pg_catalog.exitgate_saw_drop() RETURNS event_trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog AS $saw$
DECLARE one record;
BEGIN
  FOR one IN SELECT object_type, object_identity, is_temporary FROM pg_event_trigger_dropped_objects()
             WHERE (original OR object_type = 'table') AND tg_tag LIKE 'DROP%' LOOP
    RAISE LOG 'exitgate-ddl %', json_build_object('database', current_database(), 'command', tg_tag,
      'kind', one.object_type, 'identity', one.object_identity, 'temporary', one.is_temporary,
      'transaction', txid_current()::text, 'text', left(current_query(), 2000));
  END LOOP;
EXCEPTION WHEN OTHERS THEN NULL;
END $saw$;
CREATE EVENT TRIGGER exitgate_saw_ddl ON ddl_command_end EXECUTE FUNCTION pg_catalog.exitgate_saw_ddl();
ALTER EVENT TRIGGER exitgate_saw_ddl ENABLE ALWAYS;
CREATE EVENT TRIGGER exitgate_saw_drop ON sql_drop EXECUTE FUNCTION pg_catalog.exitgate_saw_drop();
ALTER EVENT TRIGGER exitgate_saw_drop ENABLE ALWAYS
)sql";

// One transaction: what is seen of the first must not be written by the second.
constexpr const char* kRemove =
    "DROP EVENT TRIGGER IF EXISTS exitgate_saw_drop; DROP EVENT TRIGGER IF EXISTS exitgate_saw_ddl; "
    "DROP FUNCTION IF EXISTS pg_catalog.exitgate_saw_drop(); "
    "DROP FUNCTION IF EXISTS pg_catalog.exitgate_saw_ddl()";

std::unique_ptr<database::Connection> administration(const database::Cluster& cluster,
                                                     const std::string& database) {
  return cluster.connect(database, database::Cluster::administrator(), false);
}

// Nobody can connect to template0 otherwise, but a test can make a database of it.
void in_templates(const database::Cluster& cluster, const char* sql) {
  const auto server = administration(cluster, "postgres");
  server->query("ALTER DATABASE template0 ALLOW_CONNECTIONS true");
  for (const char* const name : {"template0", "template1"}) administration(cluster, name)->query(sql);
  server->query("ALTER DATABASE template0 ALLOW_CONNECTIONS false");
}

// Of sessions that begin after the server has taken it over, which is seen by a new session.
void log_connections(const database::Cluster& cluster, const std::string& value) {
  administration(cluster, "postgres")->query(fmt::format("ALTER SYSTEM SET log_connections = {}", value));
  administration(cluster, "postgres")->query("SELECT pg_reload_conf()");
  for (int tried = 0; tried < 1000; ++tried) {
    const auto now = administration(cluster, "postgres")->query("SHOW log_connections");
    if (now.text(0, 0) == value) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace

bool has_session_in(std::string_view log) {
  constexpr std::string_view kAuthorized = "LOG:  connection authorized: ";
  for (std::size_t at = log.find(kAuthorized); at != std::string_view::npos; at = log.find(kAuthorized, at)) {
    at += kAuthorized.size();
    const auto line = log.substr(at, log.find('\n', at) - at);
    const std::size_t name = line.find(" application_name=exitgate");
    if (name == std::string_view::npos) return true;
  }
  return false;
}

DdlWatch::DdlWatch(const database::Cluster& cluster, std::string database)
    : cluster_(cluster), database_(std::move(database)), log_began_(cluster.log().size()) {
  in_templates(cluster_, kInstall);
  administration(cluster_, database_)->query(kInstall);
  log_connections(cluster_, "on");
}

DdlWatch::~DdlWatch() {
  if (ended_) return;
  try {
    remove_from(database_);
    in_templates(cluster_, kRemove);
  } catch (const std::exception&) {
    // The server is a throwaway.
  }
}

void DdlWatch::remove_from(const std::string& database) {
  administration(cluster_, database)->query(kRemove);
}

std::vector<DdlEvent> DdlWatch::end() {
  const auto server = administration(cluster_, "postgres");
  const auto there =
      server->query(fmt::format("SELECT 1 FROM pg_database WHERE datname = {}", server->literal(database_)));
  if (there.rows() > 0) remove_from(database_);
  in_templates(cluster_, kRemove);
  log_connections(cluster_, "off");
  ended_ = true;
  const std::string whole = cluster_.log();
  const auto log = std::string_view(whole).substr(std::min(log_began_, whole.size()));
  used_ = has_session_in(log);
  auto events = ddl_events_in(log);
  std::erase_if(events,
                [](const DdlEvent& one) { return one.identity.find("exitgate_saw_d") != std::string::npos; });
  std::map<std::string, bool> committed;
  for (auto& event : events) {
    const auto known = committed.find(event.transaction);
    if (known != committed.end()) {
      event.committed = known->second;
      continue;
    }
    const auto status = server->query(fmt::format("SELECT txid_status({}) = 'committed'", event.transaction));
    event.committed = committed[event.transaction] = status.rows() == 1 && status.boolean(0, 0);
  }
  return events;
}

std::vector<DdlEvent> ddl_events_in(std::string_view log) {
  std::vector<DdlEvent> events;
  for (std::size_t at = log.find(kMark); at != std::string_view::npos; at = log.find(kMark, at)) {
    at += kMark.size();
    const auto line = log.substr(at, log.find('\n', at) - at);
    const auto said = Json::try_parse(std::string(line));
    if (!said) continue;
    DdlEvent event;
    event.database = said->text_or("database");
    event.command = said->text_or("command");
    event.kind = said->text_or("kind");
    event.identity = said->text_or("identity");
    event.temporary = said->boolean_or("temporary", false);
    event.text = said->text_or("text");
    event.transaction = said->text_or("transaction");
    const bool number =
        !event.transaction.empty() && event.transaction.find_first_not_of("0123456789") == std::string::npos;
    if (number) events.push_back(std::move(event));
  }
  return events;
}

}  // namespace exitgate::collect::schema
