#!/usr/bin/env python3
"""Collects 1,000 workflow files with `exitgate collect --domains ci`, git reading included, and compares; then chains
of calls, and what the expanded run of a pull request costs (jobs, matrices, actions, conditions under scenarios).

    ci_benchmark.py --exitgate build/tests/bin/exitgate --workflows DIR... [--node-modules DIR]

--workflows: folders with workflow files of real repositories (*.yml, *.yaml, at any depth); they are taken in
turn until 1,000 files are there. --node-modules: where `js-yaml` and `@actions/workflow-parser` are installed,
to print ratios against them; also EXITGATE_NODE_MODULES. Nothing is fetched, and nothing is left behind.

Times are user plus system CPU seconds of the child process, the least of the runs, so that other work on the
machine counts little; wall-clock time stands beside them.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

RUNS = 3

NODE = r"""
const fs = require('fs'), path = require('path'), url = require('url');
const [which, modules, folder] = process.argv.slice(1);
const texts = fs.readdirSync(folder).map(name => [name, fs.readFileSync(path.join(folder, name), 'utf8')]);
(async () => {
  if (which === 'js-yaml') {
    const yaml = require(path.join(modules, 'js-yaml'));
    for (const [, text] of texts) { try { yaml.load(text); } catch (error) { /* counted as read */ } }
  } else if (which === 'workflow-parser') {
    const dist = path.join(modules, '@actions/workflow-parser/dist/index.js');
    const parser = await import(url.pathToFileURL(dist));
    for (const [name, content] of texts) {
      const read = parser.parseWorkflow({name, content}, new parser.NoOperationTraceWriter());
      if (read.value) await parser.convertWorkflowTemplate(read.context, read.value);
    }
  }
})().catch(error => { console.error(String(error)); process.exit(1); });
"""


class Measured:
    def __init__(self, cpu, wall, megabytes):
        self.cpu, self.wall, self.megabytes = cpu, wall, megabytes


def measure(command):
    """The least CPU time of some runs; None when the command fails."""
    best = None
    for _ in range(RUNS):
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            return None
        one = Measured(usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1024)
        if best is None or one.cpu < best.cpu:
            best = one
    return best


def commit(repository):
    for arguments in (["init", "-q"], ["add", "-A"],
                      ["-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(repository), *arguments], check=True)
    subprocess.run(["git", "-C", str(repository), "gc", "-q"], check=True)


def write(folder, texts):
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / f"w{number:05}.yml").write_bytes(text)


def chain(callers):
    """So many workflows of 20 jobs, each job of which calls one of 50 reusable workflows."""
    texts = []
    for number in range(50):
        texts.append(f"on: workflow_call\njobs:\n  b:\n    runs-on: x\n    steps: [{{run: '{number}'}}]\n".encode())
    for number in range(callers):
        text = "on: pull_request\njobs:\n"
        for job in range(20):
            text += f"  j{job}:\n    uses: ./.github/workflows/w{(number + job) % 50:05}.yml\n"
        texts.append(text.encode())
    return texts


def runs(jobs):
    """So many jobs, each in four combinations, that call an action of 8 steps, run 10 steps, some of which ask how
    others ended, and upload twice: each step may fail, and then the uploads are decided. A last job judges them all.
    """
    action = "runs:\n  using: composite\n  steps:\n"
    action += "".join(f"    - {{id: s{n}, run: 'make part{n}', shell: bash}}\n" for n in range(8))
    text = "on: pull_request\nenv:\n"
    text += "".join(f"  V{n}: value {n}\n" for n in range(10)) + "jobs:\n"
    for job in range(jobs):
        text += f"  j{job}:\n    runs-on: ubuntu-latest\n"
        text += "    strategy: {matrix: {os: [a, b], python: [x, y]}}\n    steps:\n"
        text += "      - uses: ./.github/actions/parts\n"
        for step in range(10):
            text += f"      - id: t{step}\n        run: pytest part{step}\n"
            text += "        env: {PART: '${{ matrix.os }}'}\n"
            if step % 3 == 2:
                before = f"steps.t{step - 1}.outcome == 'success'"
                text += f"        if: ${{{{ !cancelled() && {before} && env.PART != 'c' }}}}\n"
        for condition in ("always()", "failure()"):
            text += f"      - uses: actions/upload-artifact@v4\n        if: {condition}\n"
            name = f"j{job}-${{{{ matrix.os }}}}-${{{{ matrix.python }}}}-{condition[:4]}"
            text += f"        with: {{name: '{name}', path: out}}\n"
    names = ", ".join(f"j{job}" for job in range(jobs))
    text += f"  all:\n    if: always()\n    needs: [{names}]\n    runs-on: ubuntu-latest\n    steps:\n"
    text += "      - run: '[ \"${{ contains(needs.*.result, ''failure'') }}\" = false ]'\n"
    return text.encode(), action.encode()


def report(what, measured, base=None):
    if measured is None:
        print(f"{what:34} failed")
        return
    ratio = "" if base is None else f"   {measured.cpu / base.cpu:5.2f} x"
    print(f"{what:34} {measured.cpu:7.3f} s CPU {measured.wall:7.3f} s {measured.megabytes:6.0f} MB{ratio}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exitgate", required=True)
    parser.add_argument("--workflows", nargs="+", required=True, type=pathlib.Path)
    parser.add_argument("--node-modules", default=os.environ.get("EXITGATE_NODE_MODULES"))
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    found = sorted(path for root in options.workflows for path in root.rglob("*")
                   if path.suffix in (".yml", ".yaml") and path.is_file())
    if not found:
        sys.exit("no workflow files under " + ", ".join(map(str, options.workflows)))
    # Files call each other by path; here they have other names, so local calls would all be refused.
    real = [re.sub(rb"uses: (['\"]?)(\./|\$/)\.github/workflows/", rb"uses: \1o/n/.github/workflows/", path.read_bytes())
            for path in found]
    real = [re.sub(rb"(uses: ['\"]?o/n/\.github/workflows/[\w.-]+\.ya?ml)(?!@)", rb"\1@v1", text) for text in real]

    with tempfile.TemporaryDirectory(prefix="exitgate-benchmark-") as scratch:
        scratch = pathlib.Path(scratch)

        def collect(name, texts, action=None):
            repository = scratch / name
            write(repository / ".github" / "workflows", texts)
            if action is not None:
                path = repository / ".github" / "actions" / "parts" / "action.yml"
                path.parent.mkdir(parents=True)
                path.write_bytes(action)
            commit(repository)
            return measure([options.exitgate, "collect", "--repo", str(repository), "--domains", "ci", "--out",
                            str(scratch / "facts")])

        base = None
        for factor in (1, 2, 4, 8):
            texts = [real[i % len(real)] for i in range(options.files * factor)]
            size = sum(map(len, texts)) / 1e6
            measured = collect(f"bytes{factor}", texts)
            report(f"exitgate, {len(texts)} files, {size:.1f} MB", measured, base)
            base = base or measured
        if options.node_modules:
            folder = str(scratch / "bytes1" / ".github" / "workflows")
            for which in ("nothing", "js-yaml", "workflow-parser"):
                command = ["node", "-e", NODE, which, os.path.abspath(options.node_modules), folder]
                report(f"node, {which}", measure(command), base)
        base = None
        for factor in (1, 2, 4, 8):
            texts = chain(100 * factor)
            measured = collect(f"calls{factor}", texts)
            report(f"exitgate, {2000 * factor} calls", measured, base)
            base = base or measured
        base = None
        for factor in (1, 2, 4, 8):
            text, action = runs(5 * factor)
            measured = collect(f"runs{factor}", [text], action)
            report(f"exitgate, {20 * factor} jobs of a run", measured, base)
            base = base or measured


if __name__ == "__main__":
    main()
