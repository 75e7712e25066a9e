#!/usr/bin/env python3
"""What a scan of a cluster takes beyond what its API server takes to serve the objects, in one run.

    cluster_scan.py DEMARC [OBJECTS]    DEMARC is the release build

Starts a server with scripts/kube-apiserver.sh, fills it with a corpus, then in turns: asks for the same pages as the scan did, throwing the
answers away, and scans. The requests to repeat are taken from the server's audit log. Prints seconds and the scan's peak of memory.
"""
import http.client
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from urllib.parse import parse_qsl, urlencode, urlsplit

root = pathlib.Path(__file__).resolve().parent.parent
script = str(root / "scripts" / "kube-apiserver.sh")


# What Kubernetes 1.20 calls what the corpus has.
FORMER = {("policy/v1", "PodDisruptionBudget"): "policy/v1beta1", ("batch/v1", "CronJob"): "batch/v1beta1",
          ("autoscaling/v2", "HorizontalPodAutoscaler"): "autoscaling/v2beta2"}


def storable(item):
    """An object as a client would send it for the first time to this server."""
    item["apiVersion"] = FORMER.get((item["apiVersion"], item["kind"]), item["apiVersion"])
    for field in ("resourceVersion", "uid", "creationTimestamp", "selfLink", "generation"):
        item["metadata"].pop(field, None)
    # The server refuses a workload whose selector leaves out its own Pods; a scanner of files must cope with it.
    spec = item.get("spec", {})
    if "template" in spec and "matchLabels" in spec.get("selector", {}):
        spec["template"].setdefault("metadata", {}).setdefault("labels", {}).update(spec["selector"]["matchLabels"])
    template = spec.get("jobTemplate", {}).get("spec", spec).get("template", {})
    for container in template.get("spec", {}).get("initContainers", []):
        for field in ("livenessProbe", "readinessProbe", "lifecycle"):
            container.pop(field, None)
    return item


def scan(program, folder):
    """Seconds, CPU seconds, peak MiB, exit code and objects of one scan."""
    start = time.perf_counter()
    command = [program, "scan", "--cluster", "--kubeconfig", f"{folder}/kubeconfig", "--format", "json", "--output", f"{folder}/report.json"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    coverage = json.loads((folder / "report.json").read_text())["coverage"]
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode, coverage


def lists(folder):
    """The lists that the last scan asked for, as audited: first pages only, with their media types unknown to the log."""
    found = {}
    for line in (folder / "audit.log").open():
        event = json.loads(line)
        if event["verb"] == "list" and event["userAgent"].startswith("demarc") and event["stage"] == "ResponseComplete":
            url = urlsplit(event["requestURI"])
            query = dict(parse_qsl(url.query))
            query.pop("continue", None)
            found[url.path] = query
    return found


def serve(folder, pages):
    """Seconds in which the server hands the same pages to somebody who only reads them; bytes and items."""
    token = (folder / "token").read_text().strip()
    host = (folder / "url").read_text().strip().removeprefix("https://")
    connection = http.client.HTTPSConnection(host, context=ssl.create_default_context(cafile=str(folder / "ca.crt")))
    start, size = time.perf_counter(), 0
    for path, query in pages.items():
        onward = ""
        accept = "application/json"
        if path.endswith("/secrets"):
            accept = "application/json;as=Table;g=meta.k8s.io;v=v1"
        while True:
            target = path + "?" + urlencode({**query, **({"continue": onward} if onward else {})})
            connection.request("GET", target, headers={"Authorization": f"Bearer {token}", "Accept": accept})
            body = connection.getresponse().read()
            size += len(body)
            # The token stands in the first bytes; parsing the page would be the reader's work.
            head = body[:4096].partition(b'"continue":"')[2]
            onward = head.partition(b'"')[0].decode() if head else ""
            if not onward:
                break
    return time.perf_counter() - start, size


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demarc-cluster-scan-"))
    try:
        subprocess.run([sys.executable, root / "Benchmarks" / "corpus.py", "--objects", str(count), "--files", "20", "--format", "json",
                        "--out", folder / "corpus"], check=True)
        subprocess.run([script, "start", folder, "--", "--disable-admission-plugins=ServiceAccount", "--service-cluster-ip-range=10.64.0.0/12"], check=True, stdout=subprocess.DEVNULL)
        named, existing, stored = set(), set(), {}
        with open(folder / "objects.json", "w") as out:
            for file in sorted((folder / "corpus").iterdir()):
                for item in json.loads(file.read_text())["items"]:
                    named.add(item["metadata"].get("namespace", ""))
                    if item["kind"] == "Namespace":
                        existing.add(item["metadata"]["name"])
                    out.write(json.dumps(storable(item)) + "\n")
            for name in sorted(named - existing - {""}):
                out.write(json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}) + "\n")
        created = subprocess.run(
            [sys.executable, root / "Tests" / "ClusterSupport" / "client.py", "create", (folder / "url").read_text().strip(), folder / "ca.crt",
             folder / "token"], stdin=open(folder / "objects.json"), stdout=subprocess.PIPE, text=True, check=True)
        for line in created.stdout.splitlines():
            status = json.loads(line)["status"]
            if status >= 400 and status not in stored:
                print(line[:400])
            stored[status] = stored.get(status, 0) + 1
        print("answers to creating the corpus:", ", ".join(f"{status}: {number}" for status, number in sorted(stored.items())), flush=True)
        scan(program, folder)
        pages = lists(folder)
        for _ in range(3):
            served, size = serve(folder, pages)
            took, cpu, peak, code, coverage = scan(program, folder)
            print(f"served {served:5.2f} s ({size / 1e6:.0f} MB)   scanned {took:5.2f} s ({took - served:+.2f}), CPU {cpu:.2f} s, peak {peak:.0f} MiB, "
                  f"exit {code}, {coverage['objects']} objects", flush=True)
    finally:
        subprocess.run([script, "stop", folder], stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


main()
