#!/usr/bin/env python3
"""Measures Demarc and two peers on one corpus in one run and writes figures as JSON and Markdown.

Called by compare.sh, which prepares the peers. Every figure is of a whole process: wall clock, CPU of it and of its
children, and the largest resident set. Runs are sequential, so no program takes CPU from another.
Nothing is dropped: a program that fails or does not judge is written down with its exit code and no figure.
"""

import argparse
import datetime
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command, ok, limit=1800):
    """One process. `ok` are exit codes that mean "it judged", as scanners exit with 1 on findings."""
    errors = tempfile.TemporaryFile()
    begun = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
    timer_killed = False
    while True:
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
        wall = time.monotonic() - begun
        if done:
            break
        if wall > limit:
            child.kill()
            timer_killed = True
        time.sleep(0.0005 if wall < 0.1 else 0.002)
    child.returncode = code = os.waitstatus_to_exitcode(status)
    errors.seek(0)
    figure = {
        "wallSeconds": round(wall, 5),
        "cpuSeconds": round(usage.ru_utime + usage.ru_stime, 5),
        "peakMiB": round(usage.ru_maxrss / 1024, 1),
        "exitCode": code,
    }
    if timer_killed or code not in ok:
        figure["failed"] = "no end within %d s" % limit if timer_killed else errors.read()[-300:].decode(errors="replace").strip()
    return figure


def best(command, ok, times):
    """The run with the median wall clock; a failure ends the series."""
    runs = []
    for _ in range(times):
        figure = run(command, ok)
        if "failed" in figure:
            return figure
        runs.append(figure)
    runs.sort(key=lambda figure: figure["wallSeconds"])
    return {**runs[len(runs) // 2], "runs": times}


def corpus(folder, objects, files):
    """Makes a corpus once a run and tells its size."""
    path = os.path.join(folder, f"corpus-{objects}")
    if not os.path.isdir(path):
        subprocess.run(
            [sys.executable, os.path.join(HERE, "corpus.py"), "--objects", str(objects), "--files", str(files), "--out", path],
            check=True, stdout=subprocess.DEVNULL)
    size = sum(entry.stat().st_size for entry in os.scandir(path))
    return path, size


def demarc_scan(binary, path):
    return [binary, "scan", path, "--format", "json", "--fail-on", "none", "--quiet"]


def demarc(binary, folder, sizes, times):
    """Growth over the sizes, and the start of the program."""
    controls = subprocess.run([binary, "controls", "--format", "json"], capture_output=True, text=True)
    listed = json.loads(controls.stdout) if controls.returncode == 0 and controls.stdout.startswith("[") else None
    growth = []
    for objects in sizes:
        path, size = corpus(folder, objects, max(25, objects // 40))
        figure = best(demarc_scan(binary, path), ok=(0, 1), times=times)
        growth.append({"objects": objects, "megabytes": round(size / 1e6, 1), **figure})
        print(f"  demarc {objects:>7} objects: {figure['wallSeconds']:.3f} s, {figure['peakMiB']:.0f} MiB{failure(figure)}", file=sys.stderr)
    starts = [run([binary, "version"], ok=(0,)) for _ in range(30)]
    failed = [start for start in starts if "failed" in start]
    start = failed[0] if failed else {"wallSeconds": round(statistics.median(start["wallSeconds"] for start in starts), 5), "runs": 30}
    return {"controls": len(listed) if listed is not None else None, "growth": growth, "start": start}


def failure(figure):
    return f" FAILED (exit {figure['exitCode']}): {figure['failed']}" if "failed" in figure else ""


def peer_trivy(binary, path, folder):
    output = os.path.join(folder, "trivy.json")
    command = [binary, "config", "--skip-check-update", "--misconfig-scanners", "kubernetes", "--quiet"]
    command += ["--cache-dir", os.path.join(folder, "trivy-cache"), "--format", "json", "--output", output, path]
    figure = run(command, ok=(0,))
    version = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout.split("\n")[0].replace("Version: ", "")
    # A file's successes and failures together are the checks that ran on it; the largest file kind has all of them.
    results = read(output).get("Results", [])
    counts = [sum(result.get("MisconfSummary", {}).get(key, 0) for key in ("Successes", "Failures")) for result in results]
    if "failed" not in figure and not counts:
        figure["failed"] = "it judged no file"
    ids = {finding["ID"] for result in results for finding in result.get("Misconfigurations", [])}
    return {"name": "trivy config", "version": version, "controls": trivy_checks(binary, folder), "controlsFired": len(ids), **figure}


def trivy_checks(binary, folder):
    """How many embedded checks look at one Pod: what it says of a file with a single Pod."""
    pod = os.path.join(folder, "one")
    os.makedirs(pod, exist_ok=True)
    with open(os.path.join(pod, "pod.yaml"), "w") as file:
        file.write("apiVersion: v1\nkind: Pod\nmetadata:\n  name: one\nspec:\n  containers:\n  - name: main\n    image: one\n")
    output = os.path.join(folder, "trivy-one.json")
    run([binary, "config", "--skip-check-update", "--misconfig-scanners", "kubernetes", "--quiet", "--format", "json", "--output", output, pod], ok=(0,))
    summaries = [result.get("MisconfSummary", {}) for result in read(output).get("Results", [])]
    return sum(summary.get("Successes", 0) + summary.get("Failures", 0) for summary in summaries) or None


def peer_checkov(binary, path, folder):
    output = os.path.join(folder, "checkov")
    figure = run(
        [binary, "--directory", path, "--framework", "kubernetes", "--output", "json", "--output-file-path", output, "--compact", "--quiet",
         "--skip-download"], ok=(0, 1))
    version = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout.strip()
    listed = subprocess.run([binary, "--list", "--framework", "kubernetes"], capture_output=True, text=True).stdout
    summary = read(os.path.join(output, "results_json.json"))
    if "failed" not in figure and not summary:
        figure["failed"] = "it wrote no result"
    return {"name": "checkov", "version": version, "controls": len(set(re.findall(r"CKV2?_K8S_\d+", listed))) or None, **figure}


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def main():
    parser = argparse.ArgumentParser(description="Measure Demarc and peers on one corpus.")
    parser.add_argument("--demarc", default="", help="the binary; empty leaves Demarc out")
    parser.add_argument("--trivy", default="", help="the binary; empty leaves it out")
    parser.add_argument("--checkov", default="", help="the program; empty leaves it out")
    parser.add_argument("--sizes", default="1000,10000,30000,100000")
    parser.add_argument("--peer-objects", type=int, default=1000)
    parser.add_argument("--times", type=int, default=3, help="runs a figure; the median counts")
    parser.add_argument("--work", required=True, help="directory for corpora")
    parser.add_argument("--out", required=True, help="directory for results")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    os.makedirs(arguments.out, exist_ok=True)
    load = os.getloadavg()[0]
    result = {
        "measuredAt": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": {"processor": processor(), "cores": os.cpu_count(), "system": platform.platform(), "loadBefore": round(load, 2)},
        "demarc": None, "peers": [],
    }
    if load > 0.5 * (os.cpu_count() or 1):
        print(f"  note: load is {load:.1f} before the run; figures will be worse than on a quiet machine", file=sys.stderr)
    if arguments.demarc:
        result["demarc"] = demarc(arguments.demarc, arguments.work, sizes, arguments.times)
        path, size = corpus(arguments.work, arguments.peer_objects, max(25, arguments.peer_objects // 40))
        figure = best(demarc_scan(arguments.demarc, path), ok=(0, 1), times=arguments.times)
        result["demarc"]["peerCorpus"] = {"objects": arguments.peer_objects, "megabytes": round(size / 1e6, 1), **figure}
    path, _ = corpus(arguments.work, arguments.peer_objects, max(25, arguments.peer_objects // 40))
    for measure, binary in ((peer_trivy, arguments.trivy), (peer_checkov, arguments.checkov)):
        if binary:
            peer = {**measure(binary, path, arguments.work), "objects": arguments.peer_objects}
            result["peers"].append(peer)
            print(f"  {peer['name']} {peer['objects']} objects: {peer['wallSeconds']:.1f} s{failure(peer)}", file=sys.stderr)
    with open(os.path.join(arguments.out, "latest.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
