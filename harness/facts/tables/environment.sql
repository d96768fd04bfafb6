-- The machine that the run was on, without its secrets.

-- A program that took part or could have.
CREATE TABLE tool (
  name TEXT NOT NULL,       -- 'git', 'pg_dump'; 'exitgate' is this program, 'exitgate-checks' the folder of its checks
  version TEXT,             -- NULL when it did not say
  path TEXT,                -- NULL when it is not installed
  sha256 TEXT               -- of the program's file, for a folder of what `sha256sum *` prints there; NULL when it is not installed or larger than 32 MiB
) STRICT;

-- The machine's clock when the facts were collected; one row.
CREATE TABLE clock (
  read_at TEXT NOT NULL,    -- ISO 8601 in UTC
  synchronized INTEGER CHECK (synchronized IN (0, 1))  -- 1 when the kernel keeps it to a time server's; NULL when it does not say
) STRICT;

-- A property of the machine.
CREATE TABLE machine (
  name TEXT NOT NULL,       -- 'system', 'kernel', 'architecture', 'processor', 'processors', 'memory_mib', 'superuser', 'container'
  value TEXT NOT NULL
) STRICT;

-- An environment variable that describes the run; values that could be secret are masked.
CREATE TABLE variable (
  name TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;

-- The CI run that this run is part of, as the service describes it; no row outside CI.
CREATE TABLE ci_run (
  service TEXT NOT NULL,    -- 'github', 'gitlab', 'jenkins', 'other'
  run TEXT,                 -- id of the run, pipeline or build
  attempt INTEGER,          -- counts from 1
  actor TEXT,               -- who started it
  workflow TEXT,
  job TEXT,
  event TEXT,               -- 'push', 'pull_request', 'merge_request_event'
  ref TEXT,
  commit_oid TEXT,          -- commit that the service says the run is for; for a pull request often a temporary merge
  head_oid TEXT,            -- head of the pull request's branch; NULL outside one, and when it is not told
  base_oid TEXT,            -- commit that the pull request is compared with
  url TEXT,
  repository TEXT,          -- path of the repository at the service: 'owner/name'
  commit_known INTEGER CHECK (commit_known IN (0, 1))  -- 1 when the clone has commit_oid; NULL when the service does not say it
) STRICT;

-- An installed or declared package.
CREATE TABLE package (
  manager TEXT NOT NULL,    -- 'dpkg', 'pip', 'requirements'
  name TEXT NOT NULL,
  version TEXT,             -- NULL for a requirement that is not pinned to one version
  source TEXT,              -- the commit's file that declares it, or the folder that it is installed in
  line INTEGER              -- of a requirement
) STRICT;

-- A file that was written for the evidence bundle.
CREATE TABLE part (
  name TEXT NOT NULL,       -- 'environment'
  path TEXT NOT NULL,       -- relative to the run directory
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  problem TEXT
) STRICT;
