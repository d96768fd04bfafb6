-- Migration graphs, read without running the project.

-- A migration tool that is known, whether or not the repository uses it. One without a deep reader is found by its own
-- files; its migrations are listed, and their statements decided where they are SQL.
CREATE TABLE tool (
  name TEXT NOT NULL PRIMARY KEY,
  deep INTEGER NOT NULL CHECK (deep IN (0, 1)),  -- 1 when its graph is read as the tool itself reads it
  state TEXT,               -- query for the revisions that a database is at; NULL when there is none to give
  state_is_implicit INTEGER NOT NULL CHECK (state_is_implicit IN (0, 1)),  -- 1 when it is read without being asked for, and the lack of its table means: at no revision
  up TEXT,                  -- commands, to be shown: all migrations up; NULL when none holds for any project
  down TEXT,                -- all of them down
  step TEXT,                -- one down
  list TEXT,                -- prints heads and history
  up_part TEXT,              -- the part of a migration that goes up: 'upgrade()'
  down_part TEXT,            -- the part that goes down: 'downgrade()'
  create_first TEXT,        -- writes a first migration
  join_heads TEXT,          -- what to do about two heads
  state_lists_all INTEGER CHECK (state_lists_all IN (0, 1)),  -- 1 when the query gives each revision that was applied, 0 when only the last ones
  models TEXT               -- a command that fails when the models are not what the migrations make
) STRICT;

-- A command that migrates a database, in CI and in tests.
CREATE TABLE tool_command (
  tool TEXT NOT NULL,
  pattern TEXT NOT NULL     -- words that stand in the command in this order, globs allowed: 'manage.py migrate'
) STRICT;

-- What a migration tool keeps in a database about itself, and no migration makes. A history's own configuration can name
-- another table (environment.version_table).
CREATE TABLE tool_object (
  tool TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('schema', 'table')),
                             -- what the name is of
                             -- 'schema': of a schema, with all that is in it
                             -- 'table': of a table, in whatever schema
  name TEXT NOT NULL        -- as the catalog has it: 'SequelizeMeta'
) STRICT;

-- One migration history.
CREATE TABLE environment (
  id TEXT NOT NULL PRIMARY KEY,  -- unique in the repository: the configuration's path, with the section where there are several
  tool TEXT NOT NULL,            -- of the table tool: 'alembic', 'django', 'goose', …; 'sql' for numbered SQL files of no tool
  config TEXT,                   -- file that declares it
  location TEXT NOT NULL,        -- folder of its environment
  version_table TEXT,            -- in which the tool keeps what it has applied to a database, by the history's configuration or by default; an expression of the program in braces
  state TEXT                     -- query for the revisions that a database is at; NULL when there is none to give
) STRICT;

-- One migration. Flyway's undo and baseline scripts and Django's replaced migrations are not among them.
CREATE TABLE revision (
  environment TEXT NOT NULL,
  id TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,    -- of the assignment of its id
  title TEXT,
  labels TEXT,              -- JSON list of branch labels; NULL for none
  new INTEGER CHECK (new IN (0, 1)),  -- 1 when the base branch does not have it, or has it otherwise; NULL when that cannot be told
  version TEXT,             -- as the tool's table in a database shows it: '5' for golang-migrate's 000005; most often the id
  repeatable INTEGER CHECK (repeatable IN (0, 1))  -- 1 when it is run again whenever it changes, after all others, and has no place in their order: Flyway's R__views.sql
) STRICT;

-- What a revision stands on.
CREATE TABLE edge (
  environment TEXT NOT NULL,
  id TEXT NOT NULL,
  parent TEXT NOT NULL,     -- a revision of the same environment; for 'depends' of Django also 'application.migration'
  kind TEXT NOT NULL CHECK (kind IN ('down', 'depends'))
                             -- how the revision stands on it
                             -- 'down': it follows it: the way down leads there
                             -- 'depends': it needs it to be applied before
) STRICT;

-- A revision that no other follows ('down'; as `alembic heads` counts, whatever depends on it). None for an environment whose
-- graph is not wholly known: there a problem says why.
CREATE TABLE head (
  environment TEXT NOT NULL,
  id TEXT NOT NULL
) STRICT;

-- A revision that follows nothing.
CREATE TABLE base (
  environment TEXT NOT NULL,
  id TEXT NOT NULL
) STRICT;

-- What the commit is compared with to tell which migrations are new: one row.
CREATE TABLE comparison (
  reference TEXT,           -- the base branch as configured, as CI says it, or as found ('refs/remotes/origin/main'); NULL when there is none
  oid TEXT,                 -- commit that it points at
  merge_base TEXT,          -- where the commit's own history begins
  problem TEXT              -- why which migrations are new cannot be told, else NULL
) STRICT;

-- A statement on a migration's way up that takes something away, or that cannot be read and may. Read are SQL files by
-- PostgreSQL's parser, and the operations of Alembic, Django and Rails and the SQL in them by syntax; a migration of another kind that
-- is new is one row of the kind 'undecided'. The body of a function that the same migration defines and calls
-- is read; what another does is not looked at, and undecided where its name says that it drops or deletes.
CREATE TABLE statement (
  environment TEXT NOT NULL,
  revision TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN (
      'drop-table', 'drop-column', 'drop-schema', 'drop-database', 'drop-type', 'drop-sequence',
      'drop-extension', 'drop-view', 'drop-function', 'drop-constraint', 'drop-owned', 'detach-partition',
      'truncate', 'delete-all', 'update-all', 'alter-column-type', 'set-not-null', 'rename',
      'disable-row-security', 'drop-trigger', 'drop-policy', 'drop-rule', 'drop-cascade', 'disable-trigger',
      'disable-rule', 'drop-unique-index', 'set-unlogged', 'restart-sequence', 'undecided')),
                             -- what the statement does
                             -- 'drop-table': DROP TABLE, DROP FOREIGN TABLE
                             -- 'drop-column': ALTER TABLE … DROP COLUMN, ALTER TYPE … DROP ATTRIBUTE
                             -- 'drop-schema': DROP SCHEMA
                             -- 'drop-database': DROP DATABASE
                             -- 'drop-type': DROP TYPE, DROP DOMAIN
                             -- 'drop-sequence': DROP SEQUENCE
                             -- 'drop-extension': DROP EXTENSION
                             -- 'drop-view': DROP VIEW, DROP MATERIALIZED VIEW
                             -- 'drop-function': DROP FUNCTION, PROCEDURE, ROUTINE, AGGREGATE
                             -- 'drop-constraint': ALTER TABLE or ALTER DOMAIN … DROP CONSTRAINT
                             -- 'drop-owned': DROP OWNED BY
                             -- 'detach-partition': ALTER TABLE … DETACH PARTITION, NO INHERIT
                             -- 'truncate': TRUNCATE
                             -- 'delete-all': DELETE without WHERE or with one that always holds, MERGE that deletes all
                             -- 'update-all': UPDATE or MERGE, the same way
                             -- 'alter-column-type': ALTER TABLE … ALTER COLUMN … TYPE, ALTER TYPE … ALTER ATTRIBUTE … TYPE
                             -- 'set-not-null': ALTER TABLE … ALTER COLUMN … SET NOT NULL, ALTER DOMAIN … SET NOT NULL
                             -- 'rename': RENAME of a table, view, column, type, schema or function; SET SCHEMA of one of them
                             -- 'disable-row-security': ALTER TABLE … DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY
                             -- 'drop-trigger': DROP TRIGGER, DROP EVENT TRIGGER
                             -- 'drop-policy': DROP POLICY
                             -- 'drop-rule': DROP RULE
                             -- 'drop-cascade': DROP … CASCADE of what holds no rows but may have columns and others that depend on it
                             -- 'disable-trigger': ALTER TABLE … DISABLE TRIGGER, ENABLE REPLICA TRIGGER; ALTER EVENT TRIGGER … DISABLE; SET session_replication_role = replica
                             -- 'disable-rule': ALTER TABLE … DISABLE RULE, ENABLE REPLICA RULE
                             -- 'drop-unique-index': DROP INDEX of an index that a migration created as unique
                             -- 'set-unlogged': ALTER TABLE … SET UNLOGGED
                             -- 'restart-sequence': ALTER SEQUENCE … RESTART, ALTER COLUMN … RESTART of an identity column
                             -- 'undecided': what could be any of them: SQL that is made at run time, or that cannot be read
  object TEXT,              -- 'orders.note', as written; an expression of the program in braces; NULL when it is not said
  text TEXT NOT NULL,       -- the statement in one line, at most 200 bytes
  harmless INTEGER NOT NULL CHECK (harmless IN (0, 1)),  -- 1 when the same migration has made it before, or makes it again
  new INTEGER CHECK (new IN (0, 1)),  -- 1 when the base branch does not have it; NULL when that cannot be told
  reason TEXT               -- why it is undecided or harmless, else NULL
) STRICT;

-- A migration that the base branch has and that is otherwise at the commit, so that databases which have run it and new
-- ones differ.
CREATE TABLE merged_change (
  environment TEXT NOT NULL,
  revision TEXT NOT NULL,   -- its id at the base
  kind TEXT NOT NULL CHECK (kind IN ('changed', 'removed', 'overtaken', 'undecided')),
                             -- what happened to it
                             -- 'changed': its statements are others; comments, blanks and imports do not count
                             -- 'removed': the commit does not have it, and no squashed migration stands for it
                             -- 'overtaken': a new migration comes before it in the order of the tool
                             -- 'undecided': its text is another one, and it cannot be told whether it does the same
  file TEXT NOT NULL,       -- at the commit; of a removed one, at the base
  line INTEGER NOT NULL,    -- of the first statement that differs; 1 when it has none
  before TEXT,              -- that statement at the base, in one line; NULL when there is none
  after TEXT,               -- at the commit; of 'overtaken', the id of the new migration
  reason TEXT,              -- why it is undecided, or what follows for the tool: 'Flyway refuses it: checksum mismatch'
  harmless INTEGER NOT NULL DEFAULT 0 CHECK (harmless IN (0, 1))  -- 1 when databases get to the same nevertheless: only its way down is another, or the tool applies whatever it has not applied yet
) STRICT;

-- A database driver or mapper that a dependency file of the commit names: a sign of a database, where no migration is
-- recognised. Not looked for in folders of tests, examples and other people's code.
CREATE TABLE driver (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  name TEXT NOT NULL        -- 'psycopg2', 'github.com/jackc/pgx'
) STRICT;

-- Why a graph or a part of it could not be told: a broken link, a duplicate id, a cycle, a file that does not parse.
CREATE TABLE problem (
  environment TEXT,
  file TEXT,
  line INTEGER,
  reason TEXT NOT NULL,
  unread INTEGER CHECK (unread IN (0, 1))  -- 1 when the file may hold migrations whose statements nobody has read
) STRICT;
