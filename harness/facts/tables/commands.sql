-- What the commands said that gates of a team's own run (`check: command`), in the sealed export of the commit, in the sandbox.

-- A command, as it ran.
CREATE TABLE run (
  gate TEXT NOT NULL PRIMARY KEY,  -- whose command it is
  file TEXT NOT NULL,           -- of the gate
  line INTEGER NOT NULL,
  command TEXT NOT NULL,        -- as written, masked
  directory TEXT NOT NULL,      -- in the export; '' is its root
  network INTEGER NOT NULL CHECK (network IN (0, 1)),  -- 1 when it may use the network
  exit_code INTEGER,            -- NULL when it did not end by itself
  outcome TEXT NOT NULL,        -- in words: 'exit code 1', 'killed after 60 s', 'it needs more than 4096 MB'
  completed INTEGER NOT NULL CHECK (completed IN (0, 1)),  -- 1 when it was started and ended by itself
  milliseconds INTEGER NOT NULL,
  log TEXT NOT NULL,            -- what it wrote, masked, in the run directory: 'logs/gates/EG-ACME1.licenses.log'
  bytes INTEGER NOT NULL,       -- of it, before it was cut
  cut INTEGER NOT NULL CHECK (cut IN (0, 1))  -- 1 when it wrote more than is kept (16 MiB)
) STRICT;

-- A line that a command wrote; at most the first 10,000 of a gate.
CREATE TABLE line (
  gate TEXT NOT NULL,
  position INTEGER NOT NULL,    -- counts from 1, of both streams together, as they came
  stream TEXT NOT NULL CHECK (stream IN ('output', 'error')),
                             -- where it was written
                             -- 'output': standard output
                             -- 'error': standard error
  text TEXT NOT NULL,           -- masked, at most 2,000 characters
  captures TEXT                 -- JSON, what the named groups of the gate's pattern hold: {"file": "a.c", "line": "3"}; NULL where it does not match, or there is none
) STRICT;

-- How a command was contained, as schema.sandbox has it for the database's.
CREATE TABLE sandbox (
  gate TEXT NOT NULL,
  contained TEXT NOT NULL,      -- 'network', 'files', 'processes', ...
  how TEXT,                     -- in words; NULL when it was not contained
  reason TEXT                   -- why it was not; NULL when it was
) STRICT;

-- Why a command could not be run at all; beside its row in `run`, a file of the commit that its copy lacked.
CREATE TABLE problem (
  gate TEXT,                    -- NULL: about all of them
  file TEXT,                    -- NULL when it is not about one
  reason TEXT NOT NULL
) STRICT;
