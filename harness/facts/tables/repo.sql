-- The commit, its tree and the state of the checkout.

-- The commit that the run is about; one row.
CREATE TABLE checkout (
  oid TEXT NOT NULL,            -- commit id
  tree TEXT NOT NULL,           -- id of the commit's tree
  branch TEXT,                  -- branch that HEAD is on when HEAD is this commit; NULL when detached
  committed_at TEXT NOT NULL,   -- committer date, ISO 8601 in UTC
  subject TEXT NOT NULL,        -- first line of the commit message
  dirty INTEGER CHECK (dirty IN (0, 1)),  -- 1 when the work tree or the index differs from this commit (also because another one is checked out: see head); NULL without a work tree, or when it could not be compared
  shallow INTEGER NOT NULL CHECK (shallow IN (0, 1)),  -- 1 when the clone's history is cut off
  head TEXT                     -- commit that HEAD is at; NULL when HEAD is at none
) STRICT;

-- Every blob and submodule of the commit's tree.
CREATE TABLE file (
  path TEXT NOT NULL PRIMARY KEY,  -- relative to the root, with '/'
  mode TEXT NOT NULL,              -- '100644', '100755', '120000' (symbolic link), '160000' (submodule)
  oid TEXT NOT NULL,               -- id of the blob, of the commit for a submodule
  size INTEGER                     -- bytes; NULL when the blob is missing, and for a submodule
) STRICT, WITHOUT ROWID;

-- What `git status` says differs from the commit, and what it was told not to say.
CREATE TABLE change (
  status TEXT NOT NULL,  -- as `git status --porcelain` writes it ('M', '??', 'D'), 'm' for a submodule with changes of its own, or 'assume-unchanged' or 'skip-worktree' for an entry behind such a bit that really differs, or 'missing' for a blob that the clone lacks
  path TEXT NOT NULL     -- relative to the root
) STRICT;

-- Entries of the index that git was told not to look at, whether they differ or not.
CREATE TABLE index_flag (
  path TEXT NOT NULL,    -- relative to the root
  flag TEXT NOT NULL CHECK (flag IN ('assume-unchanged', 'skip-worktree')),
                             -- which bit the entry carries
                             -- 'assume-unchanged': git may take it for unchanged
                             -- 'skip-worktree': git does not expect it in the work tree
  differs INTEGER CHECK (differs IN (0, 1))  -- 1 when the file in the work tree is not the commit's; NULL when it could not be compared
) STRICT;

-- Untracked files that `git status` keeps silent about because of this clone's or this user's own list, not because
-- of a .gitignore that others see too.
CREATE TABLE excluded (
  path TEXT NOT NULL,    -- relative to the root; a folder ends with '/'
  source TEXT NOT NULL CHECK (source IN ('info/exclude', 'core.excludesFile'))
                             -- which list leaves it out
                             -- 'info/exclude': the clone's own
                             -- 'core.excludesFile': the user's own
) STRICT;

-- Remotes of the clone.
CREATE TABLE remote (
  name TEXT NOT NULL,
  url TEXT NOT NULL,          -- without user name, password or token
  contains_commit INTEGER CHECK (contains_commit IN (0, 1))  -- 1 when a remote-tracking branch of it contains the commit; NULL when it could not be told
) STRICT;

-- Branches, remote-tracking branches and tags whose history holds the commit.
CREATE TABLE reference (
  name TEXT NOT NULL,     -- 'refs/heads/main'
  oid TEXT NOT NULL,      -- commit that it points at
  at_commit INTEGER NOT NULL CHECK (at_commit IN (0, 1))  -- 1 when it points at the very commit
) STRICT;

-- The signature of the commit; no row when it has none.
CREATE TABLE signature (
  kind TEXT NOT NULL CHECK (kind IN ('openpgp', 'ssh', 'x509', '')),
                             -- which program made it
                             -- 'openpgp': GnuPG
                             -- 'ssh': ssh-keygen
                             -- 'x509': an X.509 tool (gpgsm)
                             -- '': of no known kind
  status TEXT NOT NULL CHECK (status IN ('good', 'bad', 'expired', 'revoked', 'unknown-key', 'undecided')),
                             -- what git says of it here
                             -- 'good': it is valid, and the key is trusted
                             -- 'bad': it does not fit the commit
                             -- 'expired': it is valid, but it or its key has expired
                             -- 'revoked': it is valid, but its key was revoked
                             -- 'unknown-key': its bytes are not refuted, but whose key it is is not known here
                             -- 'undecided': it could not be verified
  signer TEXT,           -- as the verifying program names the key's owner
  key TEXT,              -- fingerprint or id of the key
  reason TEXT            -- why it is not good, in the verifying program's words
) STRICT;

-- What could not be read.
CREATE TABLE problem (
  path TEXT,              -- file, or NULL when it is not about one
  oid TEXT,               -- object, or NULL
  reason TEXT NOT NULL
) STRICT;
