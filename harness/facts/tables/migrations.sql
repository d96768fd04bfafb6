-- Migration graphs, read without running the project.

-- One migration history.
CREATE TABLE environment (
  id TEXT NOT NULL PRIMARY KEY,  -- unique in the repository: the configuration's path, with the section where there are several
  tool TEXT NOT NULL,            -- 'alembic', 'django', 'flyway', 'golang-migrate', 'dbmate', 'sqitch', 'prisma', 'rails', 'sql'
  config TEXT,                   -- file that declares it
  location TEXT NOT NULL         -- folder of its environment
);

-- One migration. Flyway's repeatable, undo and baseline scripts and Django's replaced migrations are not among them.
CREATE TABLE revision (
  environment TEXT NOT NULL,
  id TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,    -- of the assignment of its id
  title TEXT,
  labels TEXT               -- JSON list of branch labels; NULL for none
);

-- What a revision stands on.
CREATE TABLE edge (
  environment TEXT NOT NULL,
  id TEXT NOT NULL,
  parent TEXT NOT NULL,     -- a revision of the same environment; for 'depends' of Django also 'application.migration'
  kind TEXT NOT NULL        -- 'down' or 'depends'
);

-- A revision that no other follows ('down'; as `alembic heads` counts, whatever depends on it). None for an environment whose
-- graph is not wholly known: there a problem says why.
CREATE TABLE head (
  environment TEXT NOT NULL,
  id TEXT NOT NULL
);

-- A revision that follows nothing.
CREATE TABLE base (
  environment TEXT NOT NULL,
  id TEXT NOT NULL
);

-- Why a graph or a part of it could not be told: a broken link, a duplicate id, a cycle, a file that does not parse.
CREATE TABLE problem (
  environment TEXT,
  file TEXT,
  line INTEGER,
  reason TEXT NOT NULL
);
