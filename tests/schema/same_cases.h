// Two ways to one schema: no difference. Those of tests/majors too, on each server there is.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace exitgate::collect::schema {

// Each makes another database of the same schema: {what is done first, what is done differently, in one
// database and in the other}.
struct SamePair {
  const char* what;
  const char* one;
  const char* other;
};

// clang-format off
inline constexpr SamePair kSamePairs[] = {
    {"order of creation", "CREATE TABLE public.a (x int); CREATE TABLE public.b (y int);", "CREATE TABLE public.b (y int); CREATE TABLE public.a (x int);"},
    {"order of indexes", "CREATE TABLE public.a (x int, y int); CREATE INDEX i ON public.a (x); CREATE INDEX j ON public.a (y);", "CREATE TABLE public.a (x int, y int); CREATE INDEX j ON public.a (y); CREATE INDEX i ON public.a (x);"},
    {"order of constraints", "CREATE TABLE public.a (x int, CONSTRAINT c CHECK (x > 0), CONSTRAINT d CHECK (x < 9));", "CREATE TABLE public.a (x int, CONSTRAINT d CHECK (x < 9), CONSTRAINT c CHECK (x > 0));"},
    {"order of functions and triggers", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION public.g() RETURNS int LANGUAGE sql AS 'SELECT 2';", "CREATE FUNCTION public.g() RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"},
    {"order of grants", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader; GRANT INSERT ON public.a TO app_writer;", "CREATE TABLE public.a (x int); GRANT INSERT ON public.a TO app_writer; GRANT SELECT ON public.a TO app_reader;"},
    {"grants one by one", "CREATE TABLE public.a (x int); GRANT SELECT, INSERT ON public.a TO app_reader;", "CREATE TABLE public.a (x int); GRANT INSERT ON public.a TO app_reader; GRANT SELECT ON public.a TO app_reader;"},
    {"a grant taken back", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader; REVOKE SELECT ON public.a FROM app_reader;"},
    {"a default privilege taken back", "", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_reader; ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app_reader;"},
    {"a privilege that the default gives", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION public.f() TO PUBLIC;"},
    {"hole of a dropped column", "CREATE TABLE public.a (x int, z int);", "CREATE TABLE public.a (x int, y int, z int); ALTER TABLE public.a DROP y;"},
    {"hole before a key", "CREATE TABLE public.a (x int PRIMARY KEY);", "CREATE TABLE public.a (w int, x int PRIMARY KEY); ALTER TABLE public.a DROP w;"},
    {"hole in a referenced table", "CREATE TABLE public.a (x int PRIMARY KEY); CREATE TABLE public.b (x int REFERENCES public.a);", "CREATE TABLE public.a (w int, x int PRIMARY KEY); ALTER TABLE public.a DROP w; CREATE TABLE public.b (x int REFERENCES public.a);"},
    {"hole in a partition", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 (a int, b int); ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1);", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 (a int, z int, b int); ALTER TABLE public.p1 DROP z; ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1);"},
    {"a partition made or attached", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 (a int, b int); ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1);"},
    {"a partition's index made before or after", "CREATE TABLE public.p (a int) PARTITION BY LIST (a); CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1); CREATE INDEX i ON public.p (a);", "CREATE TABLE public.p (a int) PARTITION BY LIST (a); CREATE INDEX i ON public.p (a); CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);"},
    {"VACUUM FULL", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int);;;VACUUM FULL public.a"},
    {"ANALYZE", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int); INSERT INTO public.a VALUES (1);;;ANALYZE public.a"},
    {"CLUSTER forgotten", "CREATE TABLE public.a (x int); CREATE INDEX i ON public.a (x);", "CREATE TABLE public.a (x int); CREATE INDEX i ON public.a (x); CLUSTER public.a USING i; ALTER TABLE public.a SET WITHOUT CLUSTER;"},
    {"REINDEX", "CREATE TABLE public.a (x int PRIMARY KEY);", "CREATE TABLE public.a (x int PRIMARY KEY);;;REINDEX TABLE public.a"},
    {"rows", "CREATE TABLE public.a (x serial);", "CREATE TABLE public.a (x serial); INSERT INTO public.a DEFAULT VALUES; INSERT INTO public.a DEFAULT VALUES;"},
    {"where a sequence stands", "CREATE SEQUENCE public.s;", "CREATE SEQUENCE public.s; SELECT setval('public.s', 42);"},
    {"a table rewritten", "CREATE TABLE public.a (x bigint);", "CREATE TABLE public.a (x int); ALTER TABLE public.a ALTER x TYPE bigint;"},
    {"names given back", "CREATE TABLE public.a (x int); CREATE VIEW public.v AS SELECT x FROM public.a;", "CREATE TABLE public.a2 (x int); CREATE VIEW public.v AS SELECT x FROM public.a2; ALTER TABLE public.a2 RENAME TO a;"},
    {"search path while creating", "CREATE TABLE public.a (x int); CREATE VIEW public.v AS SELECT x FROM public.a;", "SET search_path = public; CREATE TABLE a (x int); CREATE VIEW v AS SELECT x FROM a;"},
    {"search path and functions", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE public.a (x int DEFAULT public.f());", "SET search_path = public; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE a (x int DEFAULT f());"},
    {"spelling of types", "CREATE TABLE public.a (x integer, y character varying(9), z timestamp with time zone, d numeric(5,0), b boolean);", "CREATE TABLE public.a (x int4, y varchar(9), z timestamptz, d decimal(5), b bool);"},
    {"spelling of keywords and blanks", "CREATE TABLE public.a (x int DEFAULT 1 + 1 CHECK (x > 0));", "create table public.a (x INT default 1+1   check(x>0));"},
    {"constraint in the column or in the table", "CREATE TABLE public.a (x int PRIMARY KEY, y int UNIQUE);", "CREATE TABLE public.a (x int, y int, PRIMARY KEY (x), UNIQUE (y));"},
    {"constraint made later", "CREATE TABLE public.a (x int CONSTRAINT c CHECK (x > 0));", "CREATE TABLE public.a (x int); ALTER TABLE public.a ADD CONSTRAINT c CHECK (x > 0);"},
    {"constraint validated later", "CREATE TABLE public.a (x int CONSTRAINT c CHECK (x > 0));", "CREATE TABLE public.a (x int); ALTER TABLE public.a ADD CONSTRAINT c CHECK (x > 0) NOT VALID; ALTER TABLE public.a VALIDATE CONSTRAINT c;"},
    {"column added later", "CREATE TABLE public.a (x int, y text DEFAULT 'z' NOT NULL);", "CREATE TABLE public.a (x int); INSERT INTO public.a VALUES (1); ALTER TABLE public.a ADD y text DEFAULT 'z' NOT NULL;"},
    {"index made concurrently", "CREATE TABLE public.a (x int); CREATE INDEX i ON public.a (x);", "CREATE TABLE public.a (x int);;;CREATE INDEX CONCURRENTLY i ON public.a (x)"},
    {"unique constraint made of an index", "CREATE TABLE public.a (x int CONSTRAINT u UNIQUE);", "CREATE TABLE public.a (x int); CREATE UNIQUE INDEX u ON public.a (x); ALTER TABLE public.a ADD CONSTRAINT u UNIQUE USING INDEX u;"},
    {"serial by hand", "CREATE TABLE public.a (x serial);", "CREATE SEQUENCE public.a_x_seq AS integer; CREATE TABLE public.a (x integer NOT NULL DEFAULT nextval('public.a_x_seq')); ALTER SEQUENCE public.a_x_seq OWNED BY public.a.x;"},
    {"an extension's version", "CREATE EXTENSION hstore SCHEMA public;", "CREATE EXTENSION hstore SCHEMA public VERSION '1.4'; ALTER EXTENSION hstore UPDATE;"},
    {"options in another order", "CREATE TABLE public.a (x int) WITH (fillfactor = 70, autovacuum_enabled = false);", "CREATE TABLE public.a (x int) WITH (autovacuum_enabled = false, fillfactor = 70);"},
    {"roles of a policy in another order", "CREATE TABLE public.a (x int); CREATE POLICY p ON public.a TO app_reader, app_writer;", "CREATE TABLE public.a (x int); CREATE POLICY p ON public.a TO app_writer, app_reader;"},
    {"tables of a publication in another order", "CREATE TABLE public.a (x int); CREATE TABLE public.b (x int); CREATE PUBLICATION p FOR TABLE public.a, public.b;", "CREATE TABLE public.a (x int); CREATE TABLE public.b (x int); CREATE PUBLICATION p FOR TABLE public.b, public.a;"},
    {"a materialized view refreshed", "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS one;", "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS one WITH NO DATA; REFRESH MATERIALIZED VIEW public.m;"},
    {"an owner there and back", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader;", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader; ALTER TABLE public.a OWNER TO app_owner; ALTER TABLE public.a OWNER TO postgres;"},
    {"a comment taken back", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int); COMMENT ON TABLE public.a IS 'x'; COMMENT ON TABLE public.a IS NULL;"},
    {"what a restore makes of IN", "CREATE TABLE public.a (x varchar(9) CONSTRAINT c CHECK (x IN ('a', 'b,c', 'd''e')));", "CREATE TABLE public.a (x varchar(9), CONSTRAINT c CHECK (x::text = ANY (ARRAY['a'::character varying::text, 'b,c'::character varying::text, 'd''e'::character varying::text])));"},
    {"other databases", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int);;;CREATE DATABASE third;;DROP DATABASE third"},
};
// clang-format on

// Statements that may not stand in one transaction are separated by ";;".
inline std::vector<std::string> transactions_of(const std::string& sql) {
  std::vector<std::string> transactions;
  for (std::size_t start = 0; start <= sql.size();) {
    const std::size_t end = std::min(sql.find(";;", start), sql.size());
    transactions.push_back(sql.substr(start, end - start));
    start = end + 2;
  }
  return transactions;
}

}  // namespace exitgate::collect::schema
