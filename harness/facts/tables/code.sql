-- What the source code says, by syntax.

-- A source file that was looked at.
CREATE TABLE file (
  file TEXT NOT NULL PRIMARY KEY,
  language TEXT NOT NULL,   -- 'python', 'javascript', 'typescript', 'go', 'ruby', 'java'; of others only schema_call is looked for
  parsed INTEGER NOT NULL CHECK (parsed IN (0, 1))  -- 0 when a prefilter showed that nothing in it can matter, 1 when its syntax was read
) STRICT;

-- A test framework that the repository uses, and what shows it: one row for each place that does.
CREATE TABLE framework (
  name TEXT NOT NULL,       -- 'pytest', 'unittest', 'Jest', 'Vitest', 'Playwright', 'Mocha', 'Go testing', 'RSpec', 'Minitest', 'JUnit 5'; known_framework has all
  language TEXT NOT NULL,   -- 'python', 'javascript' (TypeScript too), 'go', 'ruby', 'java'
  file TEXT NOT NULL,       -- what shows it
  line INTEGER,             -- NULL when it is the file as a whole
  evidence TEXT NOT NULL CHECK (evidence IN ('configuration', 'dependency', 'test'))
                             -- how it shows it
                             -- 'configuration': a setting of the framework
                             -- 'dependency': a manifest names it
                             -- 'test': a file of tests uses it
) STRICT;

-- A test framework that Exitgate knows, whether the repository uses it or not, and what it offers for a whole session of tests.
CREATE TABLE known_framework (
  name TEXT NOT NULL PRIMARY KEY,  -- as in framework.name
  language TEXT NOT NULL,   -- as in framework
  session_start TEXT,       -- what it calls once before the first test, as people name it: 'globalSetup'; NULL when it has none
  start_hint TEXT,          -- what to write for it
  session_end TEXT,         -- what it calls once behind the last test; NULL when it has none
  end_hint TEXT,            -- what to write for it
  session_fixture TEXT,     -- how it marks a fixture of session scope: 'scope="session"'; NULL when it has none
  fixture_hint TEXT,        -- what to write for it
  place TEXT,               -- the file that it belongs into: 'conftest.py'; NULL when there is no usual one
  remark TEXT,              -- why it has no hooks or no fixtures of a session, and what stands in their place
  run_by TEXT NOT NULL DEFAULT '[]'  -- JSON: frameworks that run its tests in their own session, where the repository uses them
) STRICT;

-- A file of tests, as its framework finds them.
CREATE TABLE test_file (
  file TEXT NOT NULL PRIMARY KEY,
  language TEXT NOT NULL,   -- as in framework; of a language whose tests are not read, its name: 'PHP', 'Rust'
  framework TEXT            -- as in framework.name; NULL when it cannot be told, or is none that is known
) STRICT;

-- A test fixture.
CREATE TABLE fixture (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,    -- of its decorator, or of the call that makes it
  name TEXT,                -- under which tests ask for it; NULL when it is computed
  function TEXT,            -- the function it is made of; NULL when that is an expression
  scope TEXT CHECK (scope IN ('function', 'class', 'module', 'package', 'worker', 'session')),
                             -- how long one instance of it lives; NULL when it is computed
                             -- 'function': for one test
                             -- 'class': for the tests of a class
                             -- 'module': for the tests of a file
                             -- 'package': for the tests of a folder
                             -- 'worker': for the tests that one worker process runs; a run has as many as it has workers
                             -- 'session': for the whole run
  framework TEXT NOT NULL   -- 'pytest', 'pytest_asyncio', 'Playwright', 'Vitest'
) STRICT;

-- A hook that the test framework itself calls.
CREATE TABLE hook (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,    -- of its `def`, its call, or the setting that names it
  name TEXT NOT NULL,       -- 'pytest_sessionstart', 'globalSetup', 'TestMain', 'before(:suite)', '@BeforeAll'
  framework TEXT NOT NULL,  -- as in framework.name
  moment TEXT NOT NULL DEFAULT 'other' CHECK (moment IN ('session-start', 'session-end', 'session', 'file-start', 'file-end', 'other'))
                             -- when it is called
                             -- 'session-start': once, before the first test
                             -- 'session-end': once, behind the last test
                             -- 'session': once, around all tests (TestMain that calls m.Run)
                             -- 'file-start': before the tests of a file, a class or a group of them
                             -- 'file-end': behind them
                             -- 'other': at another moment
) STRICT;

-- A call, a reference handed to one, a setting or a command that makes or drops tables outside migrations: of SQLAlchemy, Django,
-- Tortoise, Peewee, TypeORM, Sequelize, MikroORM, Prisma, Drizzle, Hibernate, Active Record, GORM, Entity Framework Core and Doctrine.
CREATE TABLE schema_call (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  callee TEXT NOT NULL,     -- as written: 'Base.metadata.create_all', 'User.__table__.create', '--nomigrations'
  kind TEXT NOT NULL CHECK (kind IN ('create_all', 'drop_all', 'unknown')),
                             -- what the call does
                             -- 'create_all': it makes tables
                             -- 'drop_all': it drops tables
                             -- 'unknown': it makes or drops tables if the object, or the value, is what its name suggests, which cannot be told
  library TEXT,             -- 'TypeORM'; NULL when it is not known
  instead TEXT,             -- what to do instead, in the words of the library's own tools; NULL for SQLAlchemy's
  in_tests INTEGER CHECK (in_tests IN (0, 1))  -- 1 in a file of tests, by its path; 0 in the application; NULL for a command of a script or a workflow
) STRICT;

-- A read of an environment variable, by os, by a library that reads the environment (python-decouple, environs,
-- django-environ, dj-database-url, Starlette) or as a field of a class made of pydantic's BaseSettings; or a value that
-- it is given: by os.environ, monkeypatch or patch.dict, from a file of the commit (load_dotenv and its like), by
-- pytest's configuration (pytest-env, pytest-dotenv), tox or nox.
CREATE TABLE environment_read (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  variable TEXT,            -- NULL when its name is computed
  condition TEXT,           -- of the `if` statements and expressions around it in its function or module; NULL for none
  required INTEGER CHECK (required IN (0, 1)),  -- 1 when the program cannot go on without it, 0 when it has a default, NULL when it cannot be told
  imported_by TEXT,         -- a conftest.py, or the pytest configuration that names Django's settings, by which the module is imported, or the function called, and so makes this read; NULL for none, and in a conftest.py itself
  given_by TEXT,            -- the file of the commit that has a value for it there, with its line: '.env:3'; NULL for none
  reader TEXT,              -- what reads it, as written: 'process.env', 'os.Getenv', 'ENV.fetch'; NULL in Python
  sets INTEGER NOT NULL DEFAULT 0 CHECK (sets IN (0, 1))  -- 1 when it is not a read, but gives the variable a value in the environment, or a default where it has none
) STRICT;

-- A term of interest and what it stands in, so that a call can be told from a comment. Searched are all files but binary
-- ones and texts of more than 1 MiB; one row for each line and term. In Python the syntax tells the context; elsewhere
-- prose and logs are 'document', and the rest is 'code' but for lines that begin as comments.
-- Terms: create_all, drop_all, alembic upgrade/downgrade/current/heads, command.upgrade/downgrade, DATABASE_URL, pg_dump,
-- schema-only; in any case and within words: manifest, sha256, checksum.
CREATE TABLE mention (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  term TEXT NOT NULL,       -- 'create_all', 'pg_dump', 'sha256'
  context TEXT NOT NULL CHECK (context IN ('code', 'comment', 'string', 'document')),
                             -- what the term stands in
                             -- 'code': code that runs
                             -- 'comment': a comment
                             -- 'string': a string in code
                             -- 'document': prose or a log
  text TEXT NOT NULL        -- the line, trimmed, at most 200 characters
) STRICT;

-- A file that could not be read or parsed.
CREATE TABLE problem (
  file TEXT NOT NULL,
  language TEXT,            -- 'python', 'go', ...: facts may be missing; NULL: another file, of which only mentions may be missing
  reason TEXT NOT NULL
) STRICT;
