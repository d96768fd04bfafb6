-- What a run left in its directory, looked through after everything else was written but its reports.

-- A file that was looked through for what looks like a secret in the clear.
CREATE TABLE file (
  path TEXT NOT NULL,       -- relative to the run directory
  bytes INTEGER NOT NULL
) STRICT;

-- A place that looks like a secret in the clear. The value itself is nowhere.
CREATE TABLE secret (
  path TEXT NOT NULL,       -- of the file
  line INTEGER,             -- NULL in a fact store
  place TEXT,               -- 'ci.step.run, row 7' in a fact store, else NULL
  kind TEXT NOT NULL        -- 'password in a URL', 'GitHub token'
) STRICT;
