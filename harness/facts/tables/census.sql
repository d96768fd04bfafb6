-- What plain text search and git's own counts say that the other domains must hold: a second entry beside their rows, made
-- by other means than the collectors'. A hit is matched with the rows of its table when a gate is evaluated.

-- A text search over the tracked files of the commit.
CREATE TABLE search (
  name TEXT NOT NULL PRIMARY KEY,  -- 'artifact steps'
  fact TEXT NOT NULL,              -- the table that must know of each hit: 'ci.artifact'
  command TEXT NOT NULL,           -- shows the hits to anyone, in a clone with the commit in C: "git grep -nE '…' $C -- …"
  hits INTEGER NOT NULL            -- how many there are, explained ones as well
) STRICT;

-- A place that a search found.
CREATE TABLE hit (
  search TEXT NOT NULL,
  fact TEXT NOT NULL,       -- as in search
  file TEXT NOT NULL,
  line INTEGER,             -- of the hit; NULL where the file itself is the hit
  first INTEGER,            -- a row of the table is at a line from here …
  last INTEGER,             -- … to here; NULL, both, where a row of the file is enough
  text TEXT NOT NULL,       -- the line, trimmed, at most 200 characters; '' where the file itself is the hit
  explained TEXT            -- why it is no row: 'comment', 'string', 'document', …; NULL: it must be a row
) STRICT;

-- How many rows another count says that a table has.
CREATE TABLE tally (
  fact TEXT NOT NULL,       -- 'repo.file'
  condition TEXT NOT NULL,  -- JSON object, column to value, of the rows that are meant; a '*' in a value stands for anything; {}: all rows
  rows INTEGER NOT NULL,    -- how many there must be
  file TEXT,                -- where they were counted; NULL when not in one file
  line INTEGER,
  method TEXT NOT NULL      -- how they were counted: the command, or in words
) STRICT;
