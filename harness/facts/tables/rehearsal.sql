-- The rehearsal of the upgrade: the schema of the base commit, with rows in its tables, on a throwaway server, and what the
-- migrations that are new since then did to it. What a statement did is what the server was seen to do.

-- Whether there was an upgrade to rehearse, and how it ended; one row.
CREATE TABLE upgrade (
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'failed', 'nothing new', 'not possible')),
                             -- what came of it
                             -- 'applied': the new migrations were run, and did not fail
                             -- 'failed': one of them failed
                             -- 'nothing new': no migration is new since the base
                             -- 'not possible': it could not be rehearsed, so that nothing is known
  reason TEXT,              -- why it failed, was not possible or was not needed; NULL when it was applied
  hint TEXT,                -- what to do about that
  base TEXT,                -- the commit that was upgraded from; NULL when there is none
  reference TEXT,           -- the branch or commit that it follows from, as in migrations.comparison
  revisions INTEGER NOT NULL,  -- that are new since the base
  seed TEXT NOT NULL CHECK (seed IN ('generated', 'declared', 'none')),
                             -- where the rows came from
                             -- 'generated': they were made by us from what the catalogs say of each column
                             -- 'declared': by the commands of `rehearsal: {seed: [...]}`
                             -- 'none': there were none
  traffic INTEGER NOT NULL CHECK (traffic IN (0, 1)),  -- 1 when a reader and a writer were at work meanwhile
  duration_ms INTEGER,      -- of the upgrade alone; NULL when it was not begun
  reused TEXT               -- of which earlier run all of this is (--reuse); NULL when it was done now
) STRICT;

-- One command, in the order of running.
CREATE TABLE step (
  position INTEGER NOT NULL,  -- counts from 0
  phase TEXT NOT NULL CHECK (phase IN ('base', 'seed', 'upgrade', 'way back')),
                             -- what it was run for
                             -- 'base': the schema of the base commit, by its own files
                             -- 'seed': rows in its tables
                             -- 'upgrade': the new migrations
                             -- 'way back': down to the base's revision
  command TEXT NOT NULL,    -- as declared, or as the tool takes it
  revision TEXT,            -- that it applies or takes back; NULL when it is about several
  exit_code INTEGER,        -- NULL when it did not exit by itself
  outcome TEXT NOT NULL,    -- as in schema.provisioning
  duration_ms INTEGER NOT NULL,
  reason TEXT,              -- the error in one line, when it failed
  file TEXT,                -- where it failed
  line INTEGER
) STRICT;

-- A table of the base's schema, and the rows that were in it before the upgrade.
CREATE TABLE filled (
  relation TEXT NOT NULL,   -- 'public.orders'
  rows INTEGER NOT NULL,
  reason TEXT               -- why there are none, so that a loss of rows there would not be seen; else NULL
) STRICT;

-- One statement that the server was given during the upgrade or the way back, in the order in which they began. Those that
-- only read, and what belongs to the migration tool itself, are left out.
CREATE TABLE statement (
  position INTEGER NOT NULL,  -- counts from 0
  phase TEXT NOT NULL CHECK (phase IN ('upgrade', 'way back')),
                             -- during what
                             -- 'upgrade': the new migrations
                             -- 'way back': down to the base's revision
  revision TEXT,            -- whose statement it is; NULL when that could not be told
  file TEXT,                -- of the revision
  line INTEGER,             -- in it, as far as it could be told
  command TEXT NOT NULL,    -- PostgreSQL's tag: 'ALTER TABLE', 'CREATE INDEX', 'UPDATE'
  text TEXT NOT NULL,       -- in one line, at most 300 bytes
  transactional INTEGER NOT NULL CHECK (transactional IN (0, 1)),  -- 1 inside of a transaction with others, so that its locks stay until the end
  duration_us INTEGER,      -- NULL when it did not end
  outcome TEXT NOT NULL,    -- 'ok', or the server's error
  lock_timeout_ms INTEGER,  -- that applied to it; 0 for none, NULL when it was not seen
  statement_timeout_ms INTEGER
) STRICT;

-- A lock that a statement took on a table, view or index and that it did not hold before.
CREATE TABLE lock (
  statement INTEGER NOT NULL,  -- position
  relation TEXT NOT NULL,   -- 'public.orders'; by the name that it had before the statement
  kind TEXT NOT NULL,       -- 'table', 'index', 'view', 'materialized view', 'sequence', 'partitioned table'
  mode TEXT NOT NULL,       -- as pg_locks has it: 'AccessExclusiveLock'
  blocks TEXT NOT NULL CHECK (blocks IN ('nothing', 'schema changes', 'writes', 'reads and writes')),
                             -- whom it keeps waiting, by PostgreSQL's table of conflicts
                             -- 'nothing': no reader, no writer, no ALTER TABLE
                             -- 'schema changes': other migrations, VACUUM
                             -- 'writes': INSERT, UPDATE, DELETE as well
                             -- 'reads and writes': SELECT as well
  of_base INTEGER NOT NULL CHECK (of_base IN (0, 1)),  -- 1 when the relation was there before the upgrade, so that somebody may be using it
  held_us INTEGER           -- until the end of its transaction; NULL when that was not seen
) STRICT;

-- What a statement did to all rows of a table, so that it takes the longer the more there are.
CREATE TABLE pass (
  statement INTEGER NOT NULL,  -- position
  relation TEXT NOT NULL,   -- by the name that it had before the statement
  kind TEXT NOT NULL CHECK (kind IN ('rewrite', 'scan', 'build')),
                             -- what was done
                             -- 'rewrite': the table was written anew (relfilenode is another)
                             -- 'scan': each row was read
                             -- 'build': each row was read to build an index
  reason TEXT,              -- of a rewrite, as the server says it: 'column type', 'column default', 'persistence', 'access method'; of a build, the index
  of_base INTEGER NOT NULL CHECK (of_base IN (0, 1))
) STRICT;

-- What was there before and is not there afterwards, or is less. By the identity that the catalog gives: what was only
-- renamed is not lost.
CREATE TABLE loss (
  phase TEXT NOT NULL CHECK (phase IN ('upgrade', 'way back')),
                             -- after what, and against what
                             -- 'upgrade': after the new migrations, against the base
                             -- 'way back': after the way back, against the base
  kind TEXT NOT NULL CHECK (kind IN ('table', 'column', 'rows', 'values', 'narrowed', 'renamed', 'object')),
                             -- what is lost
                             -- 'table': a table, with its rows
                             -- 'column': a column, with its values
                             -- 'rows': rows of a table that is still there
                             -- 'values': values of a column that is still there are other ones, or NULL
                             -- 'narrowed': a column's type holds less than before
                             -- 'renamed': a table or column has another name: nothing is lost but the old name
                             -- 'object': something without rows: a constraint, unique index, policy, trigger, view, function, type
  relation TEXT NOT NULL,   -- the table that it is of, by its name before: 'public.orders'
  name TEXT,                -- the column, or kind and identity of the object; NULL for a table or its rows
  count INTEGER,            -- rows or values that are lost, of those that were put in; NULL when that has no number
  total INTEGER,            -- how many there were
  detail TEXT,              -- 'character varying(20) -> character varying(10)', '''abc'' -> NULL', the new name
  kept_in TEXT,             -- where the lost values were found afterwards: 'public.person.full_name'; NULL when nowhere
  statement INTEGER         -- position of the one that did it; NULL when that could not be told
) STRICT;

-- How the schema is otherwise after the way back than it was at the base. No rows, with a way back that is 'ok': not at all.
CREATE TABLE difference (
  change TEXT NOT NULL CHECK (change IN ('added', 'removed', 'changed')),
                             -- what happened to the object
                             -- 'added': it is there only afterwards
                             -- 'removed': it was there only before
                             -- 'changed': it is there both times, with another definition
  kind TEXT NOT NULL,
  identity TEXT NOT NULL,
  before TEXT,              -- definition; NULL when added
  after TEXT                -- definition; NULL when removed
) STRICT;

-- A session that used the base's tables while the upgrade ran, as an application would: one table in each of its short
-- transactions.
CREATE TABLE traffic (
  session TEXT NOT NULL CHECK (session IN ('reader', 'writer')),
                             -- what it did
                             -- 'reader': it took the lock of a SELECT
                             -- 'writer': it took the lock of an INSERT
  relation TEXT NOT NULL,
  transactions INTEGER NOT NULL,
  longest_wait_us INTEGER NOT NULL,
  problem TEXT              -- the server's error, when there was one: 'deadlock detected'
) STRICT;

-- What could not be told.
CREATE TABLE problem (
  subject TEXT NOT NULL,    -- 'rows of public.orders', 'way back', 'statements'
  reason TEXT NOT NULL,
  hint TEXT
) STRICT;
