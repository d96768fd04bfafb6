-- What the database answered to the queries of a team's own gates (`check: database`), each in a read-only transaction.

-- A query, and how it ended.
CREATE TABLE query (
  gate TEXT NOT NULL PRIMARY KEY,  -- whose query it is
  file TEXT NOT NULL,           -- of the gate
  line INTEGER NOT NULL,
  of TEXT NOT NULL CHECK (of IN ('migrated', 'live')),
                             -- which database was asked
                             -- 'migrated': the one that the migrations made from nothing
                             -- 'live': the one that --database names
  query TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('answered', 'failed', 'no-database')),
                             -- what became of it
                             -- 'answered': its rows are in answers.answer
                             -- 'failed': the server refused it, or it took too long
                             -- 'no-database': there is no such database in this run
  reason TEXT,                  -- why there is no answer; NULL where there is one
  columns TEXT NOT NULL,        -- JSON, the names of its columns in order
  found INTEGER NOT NULL,       -- rows of the answer; answers.answer holds at most 10,000 of a gate
  examined INTEGER              -- what the gate's second query counted; NULL without one
) STRICT;

-- A row of an answer.
CREATE TABLE answer (
  gate TEXT NOT NULL,
  position INTEGER NOT NULL,    -- counts from 1
  data TEXT NOT NULL            -- JSON, each column as text, masked, or null: {"table": "orders", "rows": "3"}
) STRICT;

-- What could not be asked.
CREATE TABLE problem (
  gate TEXT,                    -- NULL: about all of them
  reason TEXT NOT NULL
) STRICT;
