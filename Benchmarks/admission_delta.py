#!/usr/bin/env python3
"""What the webhook adds to the creation of a Pod, against a real API server, in one run.

    admission_delta.py DEMARC [COUNT]    DEMARC is the release build

Starts a server with scripts/kube-apiserver.sh, creates COUNT Pods (dry runs, one after another on one connection) without the webhook, with it, and
without it again, and prints the latencies. `kubectl apply` does the same requests; its own start takes far longer than what is measured here.
"""
import http.client
import json
import pathlib
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
script = str(root / "scripts" / "kube-apiserver.sh")


class Cluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.token = (self.folder / "token").read_text().strip()
        self.host = (self.folder / "url").read_text().strip().removeprefix("https://")
        self.tls = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        self.connection = http.client.HTTPSConnection(self.host, context=self.tls)

    def request(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body else None, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def create(self, count):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "web-", "namespace": "shop"}, "spec": {"containers": [
            {"name": "app", "image": "registry.example.com/web@sha256:" + "0" * 64, "securityContext": {"allowPrivilegeEscalation": False}}]}}
        times = []
        for _ in range(count):
            start = time.perf_counter()
            status, text = self.request("POST", "/api/v1/namespaces/shop/pods?dryRun=All", pod)
            times.append((time.perf_counter() - start) * 1e3)
            if status != 201:
                sys.exit(f"a Pod was answered with {status}: {text[:300]}")
        return times


def show(name, times):
    times = sorted(times)
    print(f"{name:22} mean {statistics.mean(times):6.2f} ms   p50 {times[len(times) // 2]:6.2f} ms   p99 {times[len(times) * 99 // 100]:6.2f} ms", flush=True)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    folder = tempfile.mkdtemp(prefix="demarc-delta-")
    server = None
    try:
        subprocess.run([script, "start", folder, "--", "--disable-admission-plugins=ServiceAccount"], check=True, stdout=subprocess.DEVNULL)
        cluster = Cluster(folder)
        for name in ("shop", "demarc"):
            cluster.request("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        cluster.create(count // 5)
        show("without the webhook", cluster.create(count))
        log = open(pathlib.Path(folder) / "serve.log", "w+")
        # The port must be known before the configuration is written.
        port = 40_000 + int(time.time()) % 20_000
        server = subprocess.Popen(
            [program, "serve", "--kubeconfig", f"{folder}/kubeconfig", "--url", f"https://127.0.0.1:{port}", "--listen", f"127.0.0.1:{port}",
             "--log-format", "json", "--log-level", "info"], stderr=log, cwd=folder)
        privileged = {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "x-"}, "spec": {"containers": [
            {"name": "app", "image": "x", "securityContext": {"privileged": True}}]}}
        for _ in range(600):
            if cluster.request("POST", "/api/v1/namespaces/shop/pods?dryRun=All", privileged)[0] == 403:
                break
            time.sleep(0.1)
        else:
            sys.exit("the webhook was not installed; its log: " + pathlib.Path(log.name).read_text()[-2000:])
        cluster.create(count // 5)
        show("with both webhooks", cluster.create(count))
        server.terminate()
        server.wait()
        subprocess.run([program, "serve", "--uninstall", "--kubeconfig", f"{folder}/kubeconfig"], check=True, stderr=subprocess.DEVNULL)
        time.sleep(2)
        show("without it again", cluster.create(count))
    finally:
        if server and server.poll() is None:
            server.kill()
        subprocess.run([script, "stop", folder], stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


main()
