#!/usr/bin/env python3
"""What a pull request starts, expanded once more: a second opinion on ci.job_instance, step_instance and artifact_instance.

    expand_run.py CHECKOUT CI_DB      exit code 1 with each contradiction on a line

Written from GitHub's documentation alone (workflow syntax: jobs.<id>.strategy.matrix, jobs.<id>.uses, runs.steps of a composite
action), by the plainest means: nested loops over PyYAML's trees, and substitution of plain property paths where the collector has
an evaluator. It has no opinion where something else decides: a matrix by expression, a file that the provider refuses, conditions (what is in
a job that is skipped for certain is not expanded by the collector, and is left out here as the collector says).
"""

import itertools
import json
import pathlib
import re
import sqlite3
import sys

import yaml

EVENTS = ("pull_request", "pull_request_target")
PATH = re.compile(r"\$\{\{\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)\s*\}\}")


class Unsure(Exception):
    """Something that this expansion leaves to the collector."""


class Loader(yaml.SafeLoader):
    """YAML 1.2 as GitHub reads it: only true and false are booleans, no dates, no octal and sexagesimal numbers."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+0123456789."),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def load(path):
    try:
        tree = yaml.load(path.read_text(), Loader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise Unsure(str(error)) from error
    if not isinstance(tree, dict):
        raise Unsure("no mapping")
    return tree


def text(value):
    """A value as an expression writes it into a string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, str):
        return value
    raise Unsure("an object as text")


def events_of(workflow):
    on = workflow.get("on")
    if isinstance(on, str):
        on = [on]
    return [event for event in EVENTS if on and event in on]


def has_expression(value):
    return "${{" in json.dumps(value)


def same(one, other):
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return one == other
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    if type(one) is type(other):
        return one == other
    # Of two types both are made numbers; what is no number equals nothing.
    return number(one) == number(other)


def number(value):
    if value is None or value == "":
        return 0.0
    try:
        return float(value)
    except ValueError:
        return float("nan")


def combinations(job):
    """The combinations of a job's matrix; [None] without one."""
    strategy = job.get("strategy") or {}
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    if matrix is None:
        return [None]
    if has_expression(matrix) or not isinstance(matrix, dict):
        raise Unsure("a matrix by expression")
    axes = {key: values for key, values in matrix.items() if key not in ("include", "exclude")}
    if any(not isinstance(values, list) for values in axes.values()):
        raise Unsure("an axis that is no list")
    made = [dict(zip(axes, values)) for values in itertools.product(*axes.values())] if axes else []
    for drop in matrix.get("exclude") or []:
        made = [one for one in made if not all(key in one and same(one[key], value) for key, value in drop.items())]
    originals = len(made)
    for entry in matrix.get("include") or []:
        added = False
        for one in made[:originals]:
            if all(key not in axes or same(one[key], value) for key, value in entry.items()):
                one.update(entry)
                added = True
        if not added:
            made.append(dict(entry))
    return made


def fill(value, known):
    """A string with each `${{ path }}` that is known put in; None where something else stands in it."""
    if not isinstance(value, str):
        return text(value)
    filled = PATH.sub(lambda match: text(known[match[1].lower()]) if match[1].lower() in known else match[0], value)
    return None if "${{" in filled else filled


class Run:
    def __init__(self, root, event, checkout, skipped):
        self.root, self.event, self.checkout, self.skipped = root, event, checkout, skipped
        self.jobs, self.steps, self.names = [], [], []

    def workflow(self, file, tree, chain, inputs):
        if len(chain) > 4:
            raise Unsure("deep calls")
        for identifier, job in (tree.get("jobs") or {}).items():
            made = combinations(job)
            for index, combination in enumerate(made):
                here = chain + ((file, identifier, json.dumps(combination, sort_keys=True)),)
                known = {"github.job": identifier, "strategy.job-index": float(index), "strategy.job-total": float(len(made))}
                known |= {f"inputs.{key}".lower(): value for key, value in inputs.items()}
                for key, value in (combination or {}).items():
                    known |= flat(f"matrix.{key}".lower(), value)
                self.jobs.append(here)
                if normal(here) in self.skipped:
                    continue
                uses = job.get("uses")
                if uses is None:
                    self.inline(file, job.get("steps") or [], here, known, 0)
                elif (called := local(uses)) and (self.checkout / called).is_file():
                    callee = load(self.checkout / called)
                    self.workflow(called, callee, here, given(callee["on"]["workflow_call"], job.get("with"), known))

    def inline(self, file, steps, chain, known, depth):
        if depth > 9:
            raise Unsure("deep actions")
        checked_out = []
        for position, step in enumerate(flattened(steps)):
            self.steps.append((chain, file, position))
            uses = step.get("uses")
            if not isinstance(uses, str):
                continue
            if uses.split("@")[0].lower() == "actions/upload-artifact":
                name = fill((step.get("with") or {}).get("name", "artifact"), known)
                if name is not None and "archive" not in (step.get("with") or {}):
                    self.names.append((chain, file, position, name))
            folder = local(uses, checked_out)
            if uses.split("@")[0].lower() == "actions/checkout":
                checked_out.append(str((step.get("with") or {}).get("path", "")))
            if folder is None or (normal(chain), file, position) in self.skipped:
                continue
            for ending in ("action.yml", "action.yaml"):
                path = self.checkout / folder / ending
                if not path.is_file():
                    continue
                action = load(path)
                if (action.get("runs") or {}).get("using") == "composite":
                    inner = {f"inputs.{key}".lower(): value for key, value in given(action, step.get("with"), known).items()}
                    inner |= {key: value for key, value in known.items() if not key.startswith("inputs.")}
                    relative = str(path.relative_to(self.checkout))
                    self.inline(relative, action["runs"]["steps"], chain, inner, depth + 1)
                break


def local(uses, checked_out=()):
    """The path in the repository of what is called by './path' or '$/path', or by where it was checked out; else None."""
    if not uses.startswith(("./", "$/")):
        return None
    path = str(pathlib.PurePosixPath(uses[2:]))
    for folder in map(pathlib.PurePosixPath, checked_out):
        if str(folder) != "." and path.startswith(f"{folder}/"):
            return path[len(str(folder)) + 1:]
    return path


def flattened(steps):
    for step in steps:
        if "parallel" in step:
            yield from step["parallel"]
        else:
            yield step


def flat(name, value):
    if isinstance(value, dict):
        members = {}
        for key, inner in value.items():
            members |= flat(f"{name}.{key}".lower(), inner)
        return members
    return {} if isinstance(value, list) else {name: value}


def given(callee, arguments, known):
    """The inputs that are plainly known."""
    values = {}
    for key, declared in ((callee or {}).get("inputs") or {}).items():
        value = next((given for name, given in (arguments or {}).items() if name.lower() == key.lower()),
                     (declared or {}).get("default"))
        if isinstance(value, str):
            value = fill(value, known)
            if value is None:
                continue
        values[key] = value
    return values


def collected(database, root, event):
    """The same of the collector's tables, and whether a combination is not known."""
    rows = database.execute("SELECT id, caller, file, job, combination, complete, runs FROM job_instance "
                            "WHERE root = ? AND event = ?", (root, event)).fetchall()
    by_id = {row[0]: row for row in rows}

    def chain(row):
        before = chain(by_id[row[1]]) if row[1] is not None else ()
        combination = json.dumps(json.loads(row[4]), sort_keys=True) if row[4] is not None else "null"
        return before + ((row[2], row[3], combination),)

    chains = {row[0]: chain(row) for row in rows}
    jobs = sorted(chains.values())
    steps = sorted((chains[instance], file, step) for instance, file, step in database.execute(
        "SELECT s.instance, s.file, s.step FROM step_instance s JOIN job_instance j ON j.id = s.instance "
        "WHERE j.root = ? AND j.event = ?", (root, event)))
    names = [(chains[instance], file, step, name) for instance, file, step, name in database.execute(
        "SELECT s.instance, s.file, s.step, a.name FROM artifact_instance a JOIN step_instance s ON s.id = a.step "
        "JOIN job_instance j ON j.id = s.instance WHERE j.root = ? AND j.event = ? AND a.direction = 'upload'", (root, event))]
    skipped = {normal(chains[row[0]]) for row in rows if row[6] == "no"}
    skipped |= {(normal(chains[instance]), file, step) for instance, file, step in database.execute(
        "SELECT s.instance, s.file, s.step FROM step_instance s JOIN job_instance j ON j.id = s.instance "
        "WHERE j.root = ? AND j.event = ? AND s.runs = 'no'", (root, event))}
    return jobs, steps, names, all(row[5] for row in rows), skipped


def normal(chain):
    """Numbers are written as JSON has them: 3.0 is 3."""
    return tuple((file, job, re.sub(r"(?<=\d)\.0(?=[,}\]])", "", combination)) for file, job, combination in chain)


def differences(checkout, database):
    counts = {"runs": 0, "jobs": 0, "steps": 0, "names": 0, "unsure": 0}
    found = []
    broken = {row[0] for row in database.execute("SELECT file FROM workflow WHERE problem IS NOT NULL")}
    written = {row[0] for row in database.execute("SELECT DISTINCT root FROM job_instance")}
    for path in sorted(itertools.chain(checkout.glob(".github/workflows/*.yml"), checkout.glob(".github/workflows/*.yaml"))):
        root = str(path.relative_to(checkout))
        if root in broken:
            continue
        try:
            tree = load(path)
            events = events_of(tree)
            if not events:
                if root in written:
                    found.append(f"{root}: has instances, and no pull request starts it")
                continue
            stored = [event for event in events
                      if database.execute("SELECT 1 FROM job_instance WHERE root = ? AND event = ?", (root, event)).fetchone()]
            opinions = []
            for event in stored or events[:1]:
                *theirs, skipped = collected(database, root, event)
                run = Run(root, event, checkout, skipped)
                run.workflow(root, tree, (), {})
                opinions.append((event, run, theirs))
        except (Unsure, KeyError, TypeError, AttributeError) as reason:
            counts["unsure"] += 1
            print(f"{root}: no second opinion: {reason!r}", file=sys.stderr)
            continue
        # One event may stand for all.
        if not stored and opinions[0][1].jobs:
            found.append(f"{root}: has no instance")
        for event, run, (jobs, steps, names, complete) in opinions if stored else []:
            if not complete:
                counts["unsure"] += 1
                print(f"{root}: no second opinion: a matrix that is not known", file=sys.stderr)
                continue
            counts["runs"] += 1
            for what, mine, theirs in (
                ("job", [normal(job) for job in run.jobs], [normal(job) for job in jobs]),
                ("step", [(normal(step[0]), *step[1:]) for step in run.steps], [(normal(step[0]), *step[1:]) for step in steps]),
            ):
                counts[what + "s"] += len(mine)
                for one in sorted(set(mine) | set(theirs)):
                    if mine.count(one) != theirs.count(one):
                        found.append(f"{root} ({event}): {what} {one}: {mine.count(one)} here, {theirs.count(one)} collected")
            known = {(normal(chain), file, step): name for chain, file, step, name in names}
            for chain, file, step, name in run.names:
                counts["names"] += 1
                other = known.get((normal(chain), file, step))
                if other is not None and other != name:
                    found.append(f"{root} ({event}): {file} step {step} of {normal(chain)}: '{name}' here, '{other}' collected")
                elif other is None:
                    found.append(f"{root} ({event}): {file} step {step} of {normal(chain)}: '{name}' here, not known to the collector")
    return counts, found


def main():
    checkout = pathlib.Path(sys.argv[1])
    database = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
    counts, found = differences(checkout, database)
    for line in found:
        print(line)
    print(", ".join(f"{number} {what}" for what, number in counts.items()) + f": {len(found)} differences", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
