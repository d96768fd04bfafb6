#!/usr/bin/env python3
"""What sealing and verifying cost, beside what a careful person would type instead.

usage: tests/benchmarks/evidence.py EXITGATE [MEGABYTES [ROUNDS]]

Makes a run with that much of logs (standard: 1000), then takes turns: ours, theirs. Prints for each the best
wall time, processor time and largest memory, and the ratios; above 1.0 ours is the slower one. Exit code 1 when
a wall ratio is above 1.0 or memory is not below 64 MB.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

SEAL = "tar -cf - run | zstd -q -3 -T0 -o theirs.tar.zst -f && sha256sum theirs.tar.zst"
VERIFY = ("rm -rf unpacked && mkdir unpacked && zstd -dqc ours.tar.zst | tar -xf - -C unpacked && "
          "cd unpacked/ours && sha256sum --quiet -c manifest-sha256.txt")


def write_logs(folder, megabytes):
    chance = random.Random(20261123)
    words = [f"{chance.choice('abcdefgh')}{chance.randrange(10**6):x}" for _ in range(3000)]
    block = []
    size = 0
    while size < 8 << 20:
        line = (f"2026-11-23T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}.{chance.randrange(1000):03}Z "
                f"{chance.choice(['INFO', 'DEBUG', 'WARNING', 'ERROR'])} tests/{chance.choice(words)}.py:{chance.randrange(900)} "
                f"{' '.join(chance.choice(words) for _ in range(chance.randrange(3, 14)))} id={chance.randrange(1 << 64):016x}\n")
        block.append(line)
        size += len(line)
    os.makedirs(folder)
    for number in range(0, megabytes, 100):
        with open(f"{folder}/{number:05}.log", "w") as log:
            for _ in range(0, min(100, megabytes - number), 8):
                chance.shuffle(block)
                log.writelines(block)


def write_run(folder, megabytes):
    write_logs(f"{folder}/logs", megabytes)
    open(f"{folder}/logs/ctest.log", "w").write("log\n")
    record = {"id": "benchmark", "repository": "benchmark", "commit": "0" * 40, "tree": "1" * 40,
              "config": None, "database": "embedded", "started_at": "2026-11-23T10:00:00Z", "suite": [],
              "suite_digest": "", "gates": [], "versions": {}, "finished_at": "2026-11-23T10:00:01Z",
              "selected": [], "not_run": [], "partial": False, "outcome": "skip"}
    json.dump(record, open(f"{folder}/run.json", "w"))
    for name in ("EVIDENCE.md", "junit.xml"):
        open(f"{folder}/{name}", "w").write("<x/>\n")


def measure(command, where):
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=where, shell=True, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"failed: {command}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    here = tempfile.mkdtemp(prefix="exitgate-benchmark-")
    try:
        write_run(f"{here}/run", megabytes)
        pairs = {"seal": (f"exec {program} seal --run run --out ours.tar.zst", SEAL),
                 "verify": (f"exec {program} verify ours.tar.zst", VERIFY)}
        good = True
        print(f"{megabytes} MB of logs, best of {rounds}")
        for what, commands in pairs.items():
            best = [(1e9, 1e9, 0)] * 2
            for _ in range(rounds):
                for side in (0, 1):
                    wall, cpu, memory = measure(commands[side], here)
                    best[side] = (min(best[side][0], wall), min(best[side][1], cpu), max(best[side][2], memory))
            ours, theirs = best
            print(f"{what:<7} ours   {ours[0]:6.2f} s  processor {ours[1]:6.2f} s  memory {ours[2]:4.0f} MB")
            print(f"{what:<7} theirs {theirs[0]:6.2f} s  processor {theirs[1]:6.2f} s")
            print(f"{what:<7} ratio  {ours[0] / theirs[0]:6.2f}    processor {ours[1] / theirs[1]:6.2f}")
            good = good and ours[0] <= theirs[0] and ours[2] < 64
        sizes = [os.path.getsize(f"{here}/{side}.tar.zst") for side in ("ours", "theirs")]
        print(f"size    ours {sizes[0]}  theirs {sizes[1]}")
        sys.exit(0 if good else 1)
    finally:
        shutil.rmtree(here)


main()
