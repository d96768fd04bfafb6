-- What test and coverage reports say: of the tests that the run itself made (`tests: run:`), and of those that were brought (`tests: brought:`).

-- A report file.
CREATE TABLE report (
  id INTEGER NOT NULL PRIMARY KEY,
  path TEXT NOT NULL,           -- of the target's root, or as the configuration has it
  format TEXT CHECK (format IN ('junit', 'ctrf', 'cobertura', 'lcov', 'jacoco')),
                             -- what it is written in; NULL when that cannot be told
                             -- 'junit': JUnit XML
                             -- 'ctrf': the Common Test Report Format
                             -- 'cobertura': Cobertura's coverage XML
                             -- 'lcov': LCOV's tracefile
                             -- 'jacoco': JaCoCo's XML
  dialect TEXT,                 -- who wrote it, where that can be told: 'pytest', 'Surefire', 'Jest', 'CTest'; NULL else
  source TEXT NOT NULL CHECK (source IN ('run', 'brought')),
                             -- how it came here
                             -- 'run': a command of this run wrote it
                             -- 'brought': it lay there; who made it, and of which commit, is somebody's word
  of TEXT NOT NULL CHECK (of IN ('commit', 'base')),
                             -- which code it is said to be about
                             -- 'commit': the commit of this run
                             -- 'base': the one that it is compared with
  command INTEGER,              -- of schema.test_run, its position; NULL for a report that was brought
  file TEXT NOT NULL,           -- of the configuration that asks for it
  line INTEGER NOT NULL,
  written_at TEXT,              -- when the file was last changed, ISO 8601 in UTC; NULL where that says nothing (a file of the commit)
  begun_at TEXT,                -- when its tests began, by its own words, in UTC; NULL when it does not say
  revision TEXT,                -- the commit that it is said to be of, by its own words or the configuration's; NULL when neither says
  step TEXT,                    -- who made it, in the configuration's words; NULL when it does not say
  tracked INTEGER NOT NULL CHECK (tracked IN (0, 1)),  -- 1 when it is a file of the commit: then it is older than the commit
  sha256 TEXT NOT NULL,
  kept TEXT,                    -- where the run directory has a copy, masked; NULL where it has none
  problem TEXT                  -- why it could not be read, or not whole; NULL when it could
) STRICT;

-- A suite of tests, as the report has it.
CREATE TABLE suite (
  report INTEGER NOT NULL,      -- tests.report.id
  id INTEGER NOT NULL,          -- in the report, in its order, from 0
  parent INTEGER,               -- the suite around it; NULL for none
  name TEXT NOT NULL,           -- '' when it has none
  tests INTEGER,                -- by the report's own count; NULL when it has none
  failures INTEGER,
  errors INTEGER,
  skipped INTEGER,
  milliseconds INTEGER,
  begun_at TEXT,                -- ISO 8601 in UTC, or as written where it has no zone
  host TEXT,
  file TEXT,                    -- as the report has it
  properties TEXT               -- JSON, {"name": "value"}, masked; NULL for none
) STRICT;

-- A test case.
CREATE TABLE test_case (
  report INTEGER NOT NULL,
  suite INTEGER,                -- tests.suite.id; NULL in a format without suites
  position INTEGER NOT NULL,    -- in the report, from 0
  class TEXT NOT NULL,          -- '' when it has none
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('passed', 'failed', 'error', 'skipped', 'flaky', 'unknown')),
                             -- how it ended
                             -- 'passed': it passed
                             -- 'failed': an assertion failed
                             -- 'error': it could not be carried out, or its set-up failed
                             -- 'skipped': it did not run
                             -- 'flaky': it failed, and passed when it was tried again
                             -- 'unknown': the report does not say
  milliseconds INTEGER,
  file TEXT,                    -- relative to the root where it is a file of the commit, else as the report has it; NULL when it does not say
  line INTEGER,                 -- counts from 1
  message TEXT,                 -- of its failure, or why it was skipped: masked, at most 1,000 characters
  tries INTEGER NOT NULL        -- how often it ran
) STRICT;

-- How much of a file its tests ran.
CREATE TABLE coverage (
  report INTEGER NOT NULL,
  file TEXT NOT NULL,           -- relative to the root where it is a file of the commit, else as the report has it
  tracked INTEGER NOT NULL CHECK (tracked IN (0, 1)),  -- 1 when it is a file of the commit
  lines INTEGER NOT NULL,       -- that could run
  lines_hit INTEGER NOT NULL,
  branches INTEGER,             -- NULL where the report knows of none
  branches_hit INTEGER,
  functions INTEGER,
  functions_hit INTEGER
) STRICT;

-- A report that is asked for and is not there, or one that is not what it says.
CREATE TABLE problem (
  path TEXT NOT NULL,           -- or the glob that matches nothing
  file TEXT NOT NULL,           -- of the configuration that asks for it
  line INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
