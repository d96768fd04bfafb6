-- What gates of a team's own ask of the commit's files (`check: text`, `syntax`, `files`, `document`): collected because a gate of the
-- suite asks for it, and only that. Each row belongs to one gate. Rows with example = 1 are not of the commit: they are what
-- the same question finds in the gate's own example, by which it shows that it can fail.

-- What one gate asked, and how much was looked at.
CREATE TABLE request (
  gate TEXT NOT NULL,           -- its name
  example INTEGER NOT NULL CHECK (example IN (0, 1)),
  kind TEXT NOT NULL CHECK (kind IN ('text', 'syntax', 'files', 'document')),
                             -- which check asks
                             -- 'text': a regular expression over lines
                             -- 'syntax': a tree-sitter query
                             -- 'files': which files there are, and what they are like
                             -- 'document': values in JSON, YAML, TOML, INI and XML files
  question TEXT NOT NULL,       -- JSON of the gate's parameters, as far as they say what to collect
  examined INTEGER NOT NULL,    -- files that were looked at
  found INTEGER NOT NULL        -- rows that there are in asked.match, asked.path or asked.value; these hold at most 10,000 of a gate
) STRICT;

-- A place that a regular expression or a query matches.
CREATE TABLE match (
  gate TEXT NOT NULL,
  example INTEGER NOT NULL CHECK (example IN (0, 1)),
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  position INTEGER NOT NULL,    -- of its first character in the line, counts from 1, in bytes
  text TEXT NOT NULL,           -- what matched, its first line, masked, at most 200 characters
  context TEXT CHECK (context IN ('code', 'comment', 'string')),
                             -- what its first character stands in; NULL where no grammar knows the language
                             -- 'code': code that runs
                             -- 'comment': a comment
                             -- 'string': a string in code
  captures TEXT NOT NULL        -- JSON, what its named groups, or the query's captures, hold: {"name": "text"}
) STRICT;

-- A file that a gate asks about.
CREATE TABLE path (
  gate TEXT NOT NULL,
  example INTEGER NOT NULL CHECK (example IN (0, 1)),
  file TEXT NOT NULL,
  mode TEXT NOT NULL,           -- '100644', '100755', '120000' (symbolic link), '160000' (submodule)
  size INTEGER,                 -- bytes; NULL when the blob is missing, and for a submodule
  owners TEXT,                  -- JSON, who CODEOWNERS names for it: ["@team/db"]; NULL where no rule fits, or there is no CODEOWNERS
  owners_file TEXT,             -- the CODEOWNERS file that says so, and its line: '.github/CODEOWNERS:3'
  equal INTEGER CHECK (equal IN (0, 1)),  -- 1 when its content is that of the template; NULL where none is asked for
  difference TEXT,              -- the first line that differs, in words; NULL where none does
  matches INTEGER CHECK (matches IN (0, 1))  -- 1 when the pattern occurs in it; NULL where none is asked for
) STRICT;

-- A value in a document.
CREATE TABLE value (
  gate TEXT NOT NULL,
  example INTEGER NOT NULL CHECK (example IN (0, 1)),
  file TEXT NOT NULL,
  document INTEGER NOT NULL,    -- of several in one file (YAML), counts from 0
  path TEXT NOT NULL,           -- JSON Pointer of the value: '/dependencies/react'; of XML the path of the element: '/project/version[1]'
  line INTEGER,                 -- NULL where it is not known
  type TEXT NOT NULL CHECK (type IN ('object', 'array', 'string', 'number', 'boolean', 'null', 'absent')),
                             -- what stands there
                             -- 'object': a mapping, a table, an element with children
                             -- 'array': a list
                             -- 'string': a string; all that an INI or XML file holds
                             -- 'number': a number
                             -- 'boolean': true or false
                             -- 'null': nothing, written so
                             -- 'absent': the document has nothing at the path
  value TEXT                    -- a string as it is, else its JSON; masked; NULL for 'absent'
) STRICT;

-- What a gate asked for and could not be looked at.
CREATE TABLE problem (
  gate TEXT NOT NULL,
  example INTEGER NOT NULL CHECK (example IN (0, 1)),
  file TEXT,                    -- NULL when it is not about one
  line INTEGER,
  reason TEXT NOT NULL
) STRICT;
