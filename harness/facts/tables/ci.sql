-- Continuous integration as the provider itself would read it.

-- A workflow file (or a composite action, in ci.action_file), readable or not.
CREATE TABLE workflow (
  file TEXT NOT NULL PRIMARY KEY,  -- relative to the root
  name TEXT,                       -- the workflow's `name:`, as written
  provider TEXT NOT NULL,          -- whose it is: a name in ci.provider
  problem TEXT,                    -- why it could not be read, or why its provider refuses it as a whole ("line 3: duplicate key 'on'"), else NULL
  refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)),  -- 1 where the problem is not that it cannot be read, but that its provider refuses what it says
  raw TEXT                         -- JSON of the file as its provider reads it, without its jobs, keys as written; NULL when it could not be read
) STRICT;

-- A composite action of the repository.
CREATE TABLE action_file (
  file TEXT NOT NULL PRIMARY KEY,
  name TEXT,
  kind TEXT,                       -- `runs.using`: 'composite', 'node20', 'docker'; NULL when unreadable
  problem TEXT,
  provider TEXT                    -- by whose rules it is read: a name in ci.provider; providers that share the language may all call it
) STRICT;

-- An event that starts a workflow.
CREATE TABLE trigger (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,     -- of the event's name
  event TEXT NOT NULL,       -- 'pull_request', 'push', 'workflow_call'; 'pull_request' too where merge requests make pipelines
  filters TEXT NOT NULL      -- JSON of what stands under the event: branches, paths, types, cron; {} for none
) STRICT;

-- A job of a workflow.
CREATE TABLE job (
  file TEXT NOT NULL,
  id TEXT NOT NULL,
  line INTEGER NOT NULL,     -- of its key
  name TEXT,                 -- as written
  condition TEXT,            -- `if:` as written
  uses TEXT,                 -- reusable workflow that it calls, as written
  on_pull_request TEXT NOT NULL CHECK (on_pull_request IN ('yes', 'maybe', 'failure', 'no', 'unreached')),
                             -- what a pull request to the repository itself does with it; filters of the trigger by branch, path and type are in ci.trigger, and not part of it
                             -- 'yes': it always runs
                             -- 'maybe': whether it runs depends on values known only then
                             -- 'failure': it runs only after something failed
                             -- 'no': its condition rules it out, or a job that it needs and that is skipped
                             -- 'unreached': no chain of calls (reusable workflows, composite actions) leads to it from a workflow that a pull request starts
  runs_on TEXT,              -- JSON of `runs-on:`; NULL for a job that calls a reusable workflow
  matrix TEXT,               -- JSON of its matrix (`strategy.matrix`, `parallel.matrix`); a string where it is an expression; NULL without one
  permissions TEXT,          -- JSON of `permissions:`, of the job or else of the workflow; NULL when neither says, and where the provider ignores it
  continue_on_error TEXT,    -- as written (`continue-on-error`, `allow_failure`); NULL without, where the provider ignores it, and of a job that somebody starts by hand, of which it says that it may be left alone
  environment TEXT,          -- JSON of `env:`, scalars as written; NULL without
  default_shell TEXT,        -- shell of its steps that name none, by `defaults:` of the job or else of the workflow, as written; NULL without
  timeout_minutes TEXT,      -- its own time limit as written: `timeout-minutes:`; of GitLab `timeout:` in its words; NULL without, where the provider's own holds
  concurrency TEXT,          -- JSON of its own `concurrency:` (`resource_group:`); NULL without; the workflow's is in ci.concurrency
  raw TEXT                   -- JSON of the job as its provider reads it, steps and all, keys as written
) STRICT;

-- A concurrency group that a workflow or job holds while it runs, of providers that cancel a run which waits for what it holds itself.
CREATE TABLE concurrency (
  file TEXT NOT NULL,
  job TEXT NOT NULL,           -- '' for the workflow itself
  line INTEGER NOT NULL,       -- of the group's name
  group_name TEXT NOT NULL,    -- as written
  cancel_in_progress TEXT      -- as written; NULL without
) STRICT;

-- A file that another one takes in (GitLab).
CREATE TABLE include (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,     -- of what names it
  included TEXT NOT NULL,    -- in ci.workflow
  kind TEXT NOT NULL CHECK (kind IN ('part', 'child'))
                             -- what becomes of it
                             -- 'part': its jobs are those of the same pipeline (`include:`)
                             -- 'child': a job starts it as a pipeline of its own (`trigger: {include: …}`)
) STRICT;

-- One job that a job waits for.
CREATE TABLE need (
  file TEXT NOT NULL,
  job TEXT NOT NULL,
  needs TEXT NOT NULL        -- id of the other job in the same file
) STRICT;

-- A service container of a job.
CREATE TABLE service (
  file TEXT NOT NULL,
  job TEXT NOT NULL,
  name TEXT NOT NULL,
  image TEXT,                -- as written
  line INTEGER NOT NULL,     -- of its key
  database TEXT CHECK (database IN ('postgresql', 'mysql', 'sqlserver', 'oracle', 'cockroachdb'))
                             -- which database it is, by the name of its image, or by its own where only the run knows the image; NULL: none that keeps a schema
                             -- 'postgresql': PostgreSQL, also with extensions (PostGIS, pgvector, TimescaleDB)
                             -- 'mysql': MySQL, MariaDB or Percona
                             -- 'sqlserver': Microsoft SQL Server
                             -- 'oracle': Oracle Database
                             -- 'cockroachdb': CockroachDB
) STRICT;

-- A step of a job, or of a composite action (job is then '').
CREATE TABLE step (
  file TEXT NOT NULL,
  job TEXT NOT NULL,         -- '' in a composite action
  position INTEGER NOT NULL, -- counts from 0
  line INTEGER NOT NULL,     -- of the step's first key
  id TEXT,
  name TEXT,
  uses TEXT,                 -- as written
  run TEXT,                  -- the script, as written
  condition TEXT,            -- `if:` as written
  on_pull_request TEXT NOT NULL CHECK (on_pull_request IN ('yes', 'maybe', 'failure', 'no', 'unreached')),
  inputs TEXT,               -- JSON of `with:`, scalars as written; NULL without
  environment TEXT,          -- JSON of `env:`, scalars as written; NULL without
  continue_on_error TEXT,    -- as written
  working_directory TEXT,    -- as written
  shell TEXT,                -- as written
  timeout_minutes TEXT,      -- as written; NULL without
  raw TEXT                   -- JSON of the step, keys as written; of GitLab and its like, where a step is a part of a job, NULL
) STRICT;

-- A command that a step runs, as far as the text of its script tells. Wrappers (`env X=1`, `timeout 10m`, `docker compose run app`, `bash -c '…'`) are looked through, and scripts of package.json, targets of Makefiles and shell scripts of the commit are read. What only the shell itself does (`cd`, `echo`, `mkdir`) has no row. docs/commands.md has the table of tools.
CREATE TABLE command (
  file TEXT NOT NULL,        -- of the step: the workflow, or the composite action
  job TEXT NOT NULL,         -- '' in a composite action
  position INTEGER,          -- of the step; NULL for a job that calls a workflow of another repository
  number INTEGER NOT NULL,   -- counts from 0 in the step, in the order of the text
  line INTEGER NOT NULL,     -- of the command in `file`; of its step where that is not known
  written TEXT NOT NULL,     -- the command of the step, its words joined by spaces: 'npm test'; of an action: 'uses: owner/name'
  command TEXT NOT NULL,     -- what runs in the end: 'vitest run'. Of what a script or target runs, only what tests, migrates or dumps has rows, or else one row
  kind TEXT NOT NULL CHECK (kind IN ('test', 'migrate', 'dump', 'other', 'unknown')),
                             -- what it does, by the table of tools
                             -- 'test': it runs tests
                             -- 'migrate': it brings a database to a schema
                             -- 'dump': it writes a database or its schema out
                             -- 'other': it is known to do none of these
                             -- 'unknown': it is not known, or the commit does not say what it calls
  tool TEXT,                 -- the program or action that decided: 'vitest'; NULL where its name did (`./run-tests.sh`) or nothing
  chain TEXT                 -- JSON, the calls between `written` and `command`: [{"command","file","line"}], line of what is called; NULL when there are none
) STRICT;

-- A `uses:` of a step or job.
CREATE TABLE action_use (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,     -- of the `uses:` value
  job TEXT NOT NULL,         -- '' in a composite action
  position INTEGER,          -- of the step; NULL for a job's own `uses:`
  action TEXT NOT NULL,      -- without the ref: 'actions/checkout', './.github/actions/x', '$/.github/actions/x', 'docker://alpine'
  ref TEXT,                  -- behind the '@'
  pin TEXT NOT NULL CHECK (pin IN ('sha', 'ref', 'local', 'image', 'none'))
                             -- what the ref is
                             -- 'sha': the id of a commit
                             -- 'ref': a branch or a tag
                             -- 'local': no ref: it is in the repository itself
                             -- 'image': a container image
                             -- 'none': no ref, although it is not in the repository
) STRICT;

-- An upload or download step, in workflows and in composite actions.
CREATE TABLE artifact (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,     -- of the `uses:` value
  job TEXT NOT NULL,         -- '' in a composite action
  position INTEGER NOT NULL, -- of the step, from 0
  direction TEXT NOT NULL CHECK (direction IN ('upload', 'download')),
                             -- what the step does with the artifact
                             -- 'upload': it stores it
                             -- 'download': it fetches it
  action TEXT NOT NULL,      -- 'actions/upload-artifact'
  ref TEXT,
  pin TEXT NOT NULL CHECK (pin IN ('sha', 'ref', 'local', 'image', 'none')),
  name TEXT,                 -- as written, expressions and all; NULL when not given
  path TEXT,                 -- as written
  retention TEXT,            -- as written
  retention_days INTEGER,    -- the number where it is one, else NULL
  if_no_files_found TEXT,    -- as written
  condition TEXT,            -- the step's `if:` as written
  on_pull_request TEXT NOT NULL CHECK (on_pull_request IN ('yes', 'maybe', 'failure', 'no', 'unreached')),
  way TEXT,                  -- JSON, the shortest chain of calls from a pull-request workflow to the step itself: [{"file","job","line"}], line of each `uses:` value; NULL when there is none
  artifact_name TEXT,        -- what it is called, expressions and all: the name, the action's default when none is given, with `archive: false` the file's own; NULL for a download of several, or where it cannot be told
  name_pattern TEXT,         -- glob of the names it can have: expression parts as '*', the action's default when not given; '*' where `pattern` has other signs; NULL for a download of every artifact
  pattern TEXT,              -- `pattern:` of a download or merge, as written
  merge_multiple TEXT,       -- as written
  overwrite TEXT,            -- as written
  artifact_ids TEXT,         -- `artifact-ids:` of a download, as written
  other_run INTEGER NOT NULL CHECK (other_run IN (0, 1)),  -- 1 when it downloads from another run or repository (`run-id:`, `repository:`)
  uploads INTEGER,           -- of a download: uploads of the same run whose names can fit; NULL when it cannot be told (another run, by id, or none is seen but actions or workflows of other repositories may upload it)
  collides INTEGER CHECK (collides IN (0, 1)),  -- of an upload in a matrix: 1 when several combinations upload one name, of which one is kept; 0 when not; NULL when it cannot be told
  second_upload TEXT CHECK (second_upload IN ('fails', 'replaces', 'merges', 'separate')),
                             -- of an upload: what becomes of a second one of its name in the same run; NULL when it cannot be told
                             -- 'fails': it fails
                             -- 'replaces': it takes the place of the first
                             -- 'merges': its files are added to those of the first
                             -- 'separate': each job keeps its own
  hidden_files INTEGER CHECK (hidden_files IN (0, 1)) -- of an upload: 1 when it takes hidden files (.git, .env) below a folder along; 0 when it leaves them out; NULL when it cannot be told
) STRICT;

-- An upload that a download of the same run can find, by the names that both can have.
CREATE TABLE artifact_match (
  file TEXT NOT NULL,         -- of the download
  line INTEGER NOT NULL,
  upload_file TEXT NOT NULL,
  upload_line INTEGER NOT NULL
) STRICT;

-- The run of a pull request, expanded from the files: what is made of each job and step, and what becomes of it. A run is a workflow (or pipeline)
-- that the pull request starts, with everything that it calls, for one of its pull-request events: the rows with one root and event. What an event of a
-- workflow differs in by nothing that is written here from its other events' is written once, for the first of them. A workflow that could not be read, or
-- that its provider refuses, has no rows; one that would have too many (20,000 jobs or 100,000 steps in the commit) has a row in ci.problem.

-- A job as it stands in a run: once for each call chain that leads to it and each combination of its matrix. A job that calls a workflow is one, too, and
-- each combination of its matrix calls once. Nothing is written of what a job calls that is surely skipped ('no'), nor of its steps.
CREATE TABLE job_instance (
  id INTEGER NOT NULL PRIMARY KEY,
  root TEXT NOT NULL,        -- the workflow that the pull request starts, in ci.workflow
  event TEXT NOT NULL,       -- by which it starts it: 'pull_request', 'pull_request_target'; of a GitLab pipeline 'pull_request'
  file TEXT NOT NULL,        -- of the job, in ci.job
  job TEXT NOT NULL,         -- its id in the file
  line INTEGER NOT NULL,     -- of its key
  caller INTEGER,            -- the instance of the job that calls the file; NULL in the root
  combination TEXT,          -- JSON of the combination of its matrix, in the order in which they are counted; of `parallel: 3` its number and how many there are; '{}' where it is not known; NULL without a matrix
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),  -- 0 where it stands for any number of combinations, which only the run knows
  runs TEXT NOT NULL CHECK (runs IN ('yes', 'maybe', 'failure', 'no')),
                             -- whether it runs where nothing fails, its callers' conditions counted in
                             -- 'yes': it runs
                             -- 'maybe': that depends on values known only then
                             -- 'failure': it runs only after something failed
                             -- 'no': it is skipped
  failure_ignored TEXT NOT NULL CHECK (failure_ignored IN ('yes', 'maybe', 'no'))
                             -- whether its failure counts as success (`continue-on-error`, `allow_failure`, a manual job that may be left alone)
                             -- 'yes': it does
                             -- 'maybe': that depends on values known only then
                             -- 'no': it does not
) STRICT;

-- A step as it stands in a job instance, those of composite actions in the place of their call.
CREATE TABLE step_instance (
  id INTEGER NOT NULL PRIMARY KEY,
  instance INTEGER NOT NULL, -- of the job, in ci.job_instance
  position INTEGER NOT NULL, -- in the job as it runs, counts from 0; a step that calls a composite action comes before the steps of the action
  file TEXT NOT NULL,        -- where the step is written, in ci.step
  job TEXT NOT NULL,         -- '' in a composite action
  step INTEGER NOT NULL,     -- its position there
  line INTEGER NOT NULL,     -- of its first key
  caller INTEGER,            -- the step instance that calls the composite action; NULL in the job itself
  runs TEXT NOT NULL CHECK (runs IN ('yes', 'maybe', 'failure', 'no')),
                             -- whether it runs where nothing fails, once its job runs
                             -- 'yes': it runs
                             -- 'maybe': that depends on values known only then
                             -- 'failure': it runs only after a step failed
                             -- 'no': it is skipped
  failure_ignored TEXT NOT NULL CHECK (failure_ignored IN ('yes', 'maybe', 'no'))
                             -- whether its failure counts as success (`continue-on-error`, of callers too)
                             -- 'yes': it does
                             -- 'maybe': that depends on values known only then
                             -- 'no': it does not
) STRICT;

-- An upload or download of a run, with what its expressions come to there.
CREATE TABLE artifact_instance (
  step INTEGER NOT NULL PRIMARY KEY,  -- in ci.step_instance
  instance INTEGER NOT NULL, -- of the job, in ci.job_instance
  direction TEXT NOT NULL CHECK (direction IN ('upload', 'download')),
                             -- what the step does with the artifact
                             -- 'upload': it stores it
                             -- 'download': it fetches it
  file TEXT NOT NULL,        -- of the step, in ci.artifact
  line INTEGER NOT NULL,     -- there
  name TEXT,                 -- what the artifact is called; NULL where only the run knows, and for a download of several. Of a provider whose artifacts are told apart by their jobs, a download has the name of the job here
  name_key TEXT,             -- equal for two of one run that surely have one name, though it may not be known what name: 'logs-${{ github.run_id }}'. What is known stands for itself, what is not and is the same in the whole run as a normalised expression. NULL where a part is not known and may differ from job to job (outputs of steps, `runner.name`, `hashFiles()`, a matrix that only the run knows), and where `name` would be for another reason
  name_pattern TEXT,         -- glob of the names it can have, what is not known as '*'; '*' where `pattern` has other signs; NULL for a download of every artifact
  pattern TEXT,              -- of a download or merge by a pattern: the pattern in the language of minimatch, as far as it is known: unknown parts as `${{ … }}`; NULL otherwise
  only_if TEXT,              -- what must hold for it to happen where that depends on values that are not known: the conditions of its callers, its job and itself as one normalised expression; NULL where nothing must. A name in it that ends with a number (`steps_7`) is another one for each job instance or call, a name that does not is the same in the whole run; `status_…` is 'success', 'failure' or 'cancelled', as the job stands before the step. Always NULL for a provider whose artifacts are told apart by their jobs
  merges TEXT,               -- of a merge of artifacts into one: glob of the names of those that it takes; NULL for any other
  deletes_merged TEXT NOT NULL DEFAULT 'no' CHECK (deletes_merged IN ('yes', 'maybe', 'no')),
                             -- whether a merge deletes those that it took
                             -- 'yes': it does
                             -- 'maybe': that depends on values known only then
                             -- 'no': it does not, or is no merge
  other_run INTEGER NOT NULL DEFAULT 0 CHECK (other_run IN (0, 1)),  -- 1 when it downloads from another run or repository
  path TEXT,                 -- what it takes, or where it puts it, as far as it is known: unknown parts as they are written
  retention TEXT,            -- how long it is kept, as far as it is known: unknown parts as they are written; NULL when not given
  retention_days INTEGER,    -- the number of days where it is known
  retention_unknown TEXT,    -- what it depends on that is not known: 'vars.DAYS'; NULL where all of it is
  overwrite TEXT NOT NULL CHECK (overwrite IN ('yes', 'maybe', 'no')),
                             -- whether an upload deletes one of its name first
                             -- 'yes': it does
                             -- 'maybe': that depends on values known only then
                             -- 'no': it does not, and so of a download
  second_upload TEXT CHECK (second_upload IN ('fails', 'replaces', 'merges', 'separate'))
                             -- of an upload: what becomes of a second one of its name in the same run; NULL when it cannot be told
                             -- 'fails': it fails
                             -- 'replaces': it takes the place of the first
                             -- 'merges': its files are added to those of the first
                             -- 'separate': each job keeps its own
) STRICT;

-- What becomes of an upload when a step before it in its job instance fails, or the run is cancelled meanwhile, and nothing else goes wrong. Of steps that run where nothing fails, and of those of composite actions instead of their call.
CREATE TABLE step_outcome (
  step INTEGER NOT NULL,     -- in ci.step_instance
  scenario TEXT NOT NULL CHECK (scenario IN ('failure', 'cancelled')),
                             -- what happens
                             -- 'failure': the step `cause` fails
                             -- 'cancelled': the run is cancelled while the step `cause` runs
  cause INTEGER NOT NULL,    -- the step instance to which it happens, before this one
  runs TEXT NOT NULL CHECK (runs IN ('yes', 'maybe', 'no'))
                             -- whether the step still runs
                             -- 'yes': it does
                             -- 'maybe': that depends on values known only then
                             -- 'no': it is skipped
) STRICT;

-- What becomes of a job instance, and what it reports, when one job that it waits for ends in some way and all else succeeds. Of a matrix, its first combination stands for all, and of a child pipeline that several jobs trigger the first. No rows where nothing is waited for. Without `needs:` a job of GitLab waits for all of earlier stages.
CREATE TABLE job_outcome (
  instance INTEGER NOT NULL, -- in ci.job_instance
  needs TEXT NOT NULL,       -- id of the job that it waits for, itself or through others; in the same file (or one that is part of the same pipeline) and the same call
  result TEXT NOT NULL CHECK (result IN ('success', 'failure', 'cancelled', 'skipped', 'run_cancelled')),
                             -- how that job ends
                             -- 'success': all of it succeeds
                             -- 'failure': it fails
                             -- 'cancelled': it is cancelled, as when it reaches its time limit, and the run is not
                             -- 'skipped': its condition rules it out (so that in GitLab it is not in the pipeline)
                             -- 'run_cancelled': it is cancelled because the whole run is
  runs TEXT NOT NULL CHECK (runs IN ('yes', 'maybe', 'no')),
                             -- whether the job instance then runs
                             -- 'yes': it does
                             -- 'maybe': that depends on values known only then
                             -- 'no': it is skipped
  reports TEXT NOT NULL CHECK (reports IN ('success', 'failure', 'skipped', 'undecided')),
                             -- the result that it then has, where its own work does not fail of itself
                             -- 'success': it is green, or, where it 'maybe' runs, green or skipped
                             -- 'failure': a step of it looks at the result and fails
                             -- 'skipped': it does not run
                             -- 'undecided': it cannot be told: see `because`
  line INTEGER,              -- of the step or condition that decides; NULL where nothing looks at the result
  because TEXT               -- why: in words for people ("the script compares it with 'success'"), and why it is undecided
) STRICT;

-- What could not be decided inside a file that is otherwise read; a whole file that could not be read is in
-- workflow.problem and action_file.problem.
CREATE TABLE problem (
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;

-- What the checks need to know of a CI provider: what it does with artifacts and jobs, and the words by which its users know that. A row for each provider that Exitgate knows, whether the commit uses it or not. In words, {days}, {name} and {version} stand for what the check puts there.
CREATE TABLE provider (
  name TEXT NOT NULL PRIMARY KEY,    -- as in ci.workflow.provider
  title TEXT NOT NULL,               -- as its users call it: 'GitHub'
  skipped_job_passes INTEGER NOT NULL CHECK (skipped_job_passes IN (0, 1)),  -- 1 where a change can be merged although a job that branch protection asks for was skipped
  artifact_actions INTEGER NOT NULL CHECK (artifact_actions IN (0, 1)),  -- 1 where an upload or download is an action that has a version, 0 where it is a key of the job
  artifacts_by TEXT NOT NULL CHECK (artifacts_by IN ('name', 'job')),
                                     -- what tells the artifacts of one run apart, and by what a download finds them
                                     -- 'name': their names
                                     -- 'job': the jobs that upload them
  conditions TEXT NOT NULL CHECK (conditions IN ('expression', 'keyword')),
                                     -- how an upload says when it runs
                                     -- 'expression': an expression of GitHub Actions; without a status function `success() &&` is put before it
                                     -- 'keyword': one of 'on_success' (the default), 'on_failure', 'always'
  zero_days TEXT NOT NULL CHECK (zero_days IN ('settings', 'deleted')),
                                     -- what a retention of no days means
                                     -- 'settings': the settings of the repository decide
                                     -- 'deleted': the artifact is deleted before a day has passed
  retention_forever TEXT,            -- the retention of an artifact that is never deleted: 'never'; NULL: there is none
  retention_key TEXT NOT NULL,       -- 'retention-days'
  retention_unit TEXT NOT NULL,      -- what is meant behind a retention as it is written: ' days'; '' where it names its own unit
  retention_hint TEXT NOT NULL,      -- how to keep an artifact for {days} days
  path_key TEXT NOT NULL,            -- 'path'
  path_hint TEXT NOT NULL,           -- how to name a folder
  workspace TEXT NOT NULL,           -- JSON list of what stands for the folder of the checkout in a path: ["$GITHUB_WORKSPACE"]
  checkout_token TEXT NOT NULL,      -- who leaves which token in .git/config
  upload_subject TEXT NOT NULL,      -- what says when an upload runs: 'the step'
  condition_key TEXT NOT NULL,       -- by which key it says so: 'if'
  condition_default TEXT NOT NULL,   -- what it means not to say so: 'success()'
  always_hint TEXT NOT NULL,         -- how to upload whatever became of the job
  ignore_key TEXT NOT NULL,          -- by which key a job's failure counts as success: 'continue-on-error'
  missing_files_hint TEXT,           -- how to make an upload fail that finds no file; NULL: it cannot be made to
  upload_hint TEXT NOT NULL,         -- how to upload in the workflow itself
  other_run_hint TEXT,               -- how to download from another run; NULL: it cannot be done
  bundle_hint TEXT NOT NULL,         -- how to upload a bundle of the name {name} that is kept for {days} days
  run_id TEXT NOT NULL,              -- what differs from run to run in a name: '${{ github.run_id }}'
  job_part TEXT,                     -- what differs from job to job of a workflow in a name: '${{ github.job }}'; NULL: names of different jobs never meet
  matrix_part TEXT,                  -- what differs between the jobs of one matrix in a name: '${{ strategy.job-index }}'; NULL: nothing but the matrix itself
  pull_request_hint TEXT NOT NULL,   -- how to run a job on pull requests
  unreadable_hint TEXT NOT NULL,     -- what it does with a file that it cannot read, and what to do about it
  invalid_hint TEXT NOT NULL,        -- the same of a file that it can read and refuses
  head_hint TEXT,                    -- how to check out a pull request's head; NULL: each run has it anyway, or it cannot be said
  own_actions TEXT,                  -- JSON list of the owners whose actions are the provider's own: ["actions", "github"]; NULL without actions
  action_host TEXT,                  -- where an action's repository is, before its name: 'https://github.com/'; NULL without actions
  pipefail INTEGER NOT NULL DEFAULT 0 CHECK (pipefail IN (0, 1)),  -- 1 where a script whose shell nothing names fails with each command of a pipeline, 0 where with the last alone
  refused_versions TEXT              -- since when its service serves no action of artifacts below version {version}; NULL: it serves all
) STRICT;
