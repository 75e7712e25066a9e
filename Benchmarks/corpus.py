#!/usr/bin/env python3
"""Writes a corpus of realistic Kubernetes manifests, the same bytes for the same arguments.

    python3 Benchmarks/corpus.py --objects 10000 --files 250 --out corpus/

The mix follows what a tenant's repository and a cluster export hold: applications of about a dozen objects each
(workloads of every common kind, Services, routes, RBAC, policies, claims), some as people write them, some as `kubectl get -o yaml`
gives them with managedFields and status. About one application in six carries a mistake, so that a scanner has findings to
write, and most have none in most fields, so that the pass path is what is measured. Sizes average near 2 KB an object.

Formats: `yaml` (documents separated by `---`), `json` (one List a file), `list` (one YAML List a file).
Only Python's standard library is used; no text of others is contained.
"""

import argparse
import hashlib
import json
import os
import random

TEAMS = ["storefront", "checkout", "search", "catalog", "loyalty", "shipping", "billing", "identity", "media", "reporting"]
ROLES = ["api", "web", "worker", "gateway", "indexer", "scheduler", "consumer", "renderer", "sync", "proxy"]
REGISTRY = "registry-vpc.ap-northeast-1.example.com"
ENVIRONMENTS = ["LOG_LEVEL", "LISTEN_ADDRESS", "CACHE_URL", "QUEUE_NAME", "FEATURE_FLAGS", "REGION", "MAX_CONNECTIONS", "TIMEOUT_MS"]
SENTENCES = [
    "# Owned by the team named in the labels; ask there before you change the limits.",
    "# Kept in step with the dashboard of the same name.",
    "# The number of replicas is set by the autoscaler; the value here is the floor.",
    "# Rolled out by the pipeline, never by hand.",
]


class Application:
    """One application of a team: the names and choices all of its objects share."""

    def __init__(self, number, rng):
        self.rng = rng
        self.team = TEAMS[number % len(TEAMS)]
        self.name = f"{self.team}-{ROLES[(number // len(TEAMS)) % len(ROLES)]}-{number:05d}"
        self.namespace = f"{self.team}-{number // 100:03d}"
        self.careless = rng.random() < 0.16
        self.exported = rng.random() < 0.4  # looks like a cluster export: uid, managedFields, status
        self.port = rng.choice([8080, 8443, 9000, 3000])
        self.selector = {"app.kubernetes.io/name": self.name}

    def labels(self):
        return {
            "app.kubernetes.io/name": self.name,
            "app.kubernetes.io/instance": self.name,
            "app.kubernetes.io/part-of": self.team,
            "app.kubernetes.io/version": f"{self.rng.randint(1, 9)}.{self.rng.randint(0, 40)}.{self.rng.randint(0, 9)}",
            "app.kubernetes.io/managed-by": "pipeline",
        }

    def metadata(self, name=None, cluster_scoped=False, fields=()):
        metadata = {"name": name or self.name}
        if not cluster_scoped:
            metadata["namespace"] = self.namespace
        metadata["labels"] = self.labels()
        metadata["annotations"] = {
            "example.com/owner": f"{self.team}@shop.example",
            "example.com/runbook": f"https://wiki.shop.example/{self.team}/{self.name}",
        }
        if self.exported:
            metadata["creationTimestamp"] = "2026-05-%02dT%02d:14:09Z" % (self.rng.randint(1, 28), self.rng.randint(0, 23))
            metadata["generation"] = self.rng.randint(1, 40)
            metadata["resourceVersion"] = str(self.rng.randint(10**6, 10**9))
            metadata["uid"] = "%08x-%04x-4%03x-a%03x-%012x" % tuple(self.rng.getrandbits(b) for b in (32, 16, 12, 12, 48))
            metadata["managedFields"] = self.managed_fields(fields)
        return metadata

    def managed_fields(self, fields):
        """What the API server writes down about who set which field; deep, repetitive keys that a parser must get through."""
        spec = {f"f:{field}": {} for field in fields}
        if "template" in fields:
            container = {f"f:{key}": {} for key in ("args", "image", "imagePullPolicy", "livenessProbe", "readinessProbe", "resources")}
            container["f:securityContext"] = {f"f:{key}": {} for key in ("allowPrivilegeEscalation", "capabilities", "readOnlyRootFilesystem")}
            container["f:ports"] = {'k:{"containerPort":%d,"protocol":"TCP"}' % self.port: {".": {}, "f:containerPort": {}, "f:name": {}}}
            spec["f:template"] = {
                "f:metadata": {"f:labels": {f"f:{key}": {} for key in self.labels()}},
                "f:spec": {"f:containers": {'k:{"name":"main"}': {".": {}, **container}}, "f:serviceAccountName": {}, "f:volumes": {}},
            }
        return [
            {
                "apiVersion": "apps/v1",
                "fieldsType": "FieldsV1",
                "fieldsV1": {"f:metadata": {"f:labels": {f"f:{key}": {} for key in self.labels()}}, "f:spec": spec},
                "manager": self.rng.choice(["pipeline", "kubectl-client-side-apply", "helm", "argocd-controller"]),
                "operation": "Update",
                "time": "2026-05-%02dT08:00:00Z" % self.rng.randint(1, 28),
            }
        ]

    # Pods

    def container(self, name="main"):
        rng = self.rng
        digest = hashlib.sha256(f"{self.name}/{name}".encode()).hexdigest()
        container = {
            "name": name,
            "image": f"{REGISTRY}/{self.team}/{self.name}:1.{rng.randint(0, 60)}.{rng.randint(0, 9)}@sha256:{digest}",
            "imagePullPolicy": "IfNotPresent",
            "args": [f"--listen=:{self.port}", "--config=/etc/app/config.yaml", f"--workers={rng.randint(2, 16)}"],
            "env": [{"name": key, "value": f"{key.lower()}-{rng.randint(1, 500)}"} for key in rng.sample(ENVIRONMENTS, 4)]
            + [{"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
            "ports": [{"name": "http", "containerPort": self.port, "protocol": "TCP"}],
            "resources": {
                "requests": {"cpu": f"{rng.choice([100, 250, 500])}m", "memory": f"{rng.choice([128, 256, 512])}Mi", "ephemeral-storage": "256Mi"},
                "limits": {"cpu": "1", "memory": f"{rng.choice([512, 1024])}Mi", "ephemeral-storage": "512Mi"},
            },
            "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 10, "timeoutSeconds": 2},
            "livenessProbe": {"httpGet": {"path": "/livez", "port": "http"}, "initialDelaySeconds": 15, "failureThreshold": 5},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [{"name": "config", "mountPath": "/etc/app", "readOnly": True}, {"name": "scratch", "mountPath": "/tmp"}],
        }
        if self.careless:
            self.spoil(container)
        return container

    def spoil(self, container):
        """One or two mistakes of the kind real estates hold."""
        mistakes = [
            lambda: container.update(image=f"{self.team}/{self.name}:latest"),
            lambda: container["securityContext"].update(privileged=True, allowPrivilegeEscalation=True),
            lambda: container["securityContext"].update(capabilities={"add": ["NET_RAW", "SYS_ADMIN"]}),
            lambda: container.pop("resources"),
            lambda: container.pop("livenessProbe"),
            lambda: container.pop("securityContext"),
            lambda: container["env"].append({"name": "DATABASE_PASSWORD", "value": "EXAMPLE-not-a-real-password"}),
            lambda: container["ports"][0].update(hostPort=self.port),
        ]
        for mistake in self.rng.sample(mistakes[:4], 1) + self.rng.sample(mistakes[4:], self.rng.randint(0, 1)):
            mistake()

    def pod(self, restart_policy=None):
        spec = {
            "serviceAccountName": self.name,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10000 + self.rng.randint(1, 5000),
                "fsGroup": 10000,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [self.container()],
            "volumes": [{"name": "config", "configMap": {"name": self.name}}, {"name": "scratch", "emptyDir": {"sizeLimit": "128Mi"}}],
        }
        if self.rng.random() < 0.2:
            spec["initContainers"] = [self.container("migrate")]
        if self.rng.random() < 0.3:
            spec["containers"].append(self.container("log-shipper"))
        if restart_policy:
            spec["restartPolicy"] = restart_policy
        elif self.rng.random() < 0.5:
            spec["topologySpreadConstraints"] = [
                {
                    "maxSkew": 1,
                    "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": self.selector},
                }
            ]
        if self.careless and self.rng.random() < 0.2:
            spec["hostNetwork"] = True
            spec["volumes"].append({"name": "host", "hostPath": {"path": "/var/log", "type": "Directory"}})
        annotations = {"network.alibabacloud.com/security-group-ids": "sg-%016x" % self.rng.getrandbits(64)}
        return {"metadata": {"labels": self.labels(), "annotations": annotations}, "spec": spec}

    def workload(self, kind, extra, name=None):
        replicas = self.rng.randint(2, 6)
        spec = {"replicas": replicas, "selector": {"matchLabels": self.selector}, "template": self.pod(), **extra}
        made = {"apiVersion": "apps/v1", "kind": kind, "metadata": self.metadata(name, fields=("replicas", "selector", "template"))}
        made["spec"] = spec
        if kind == "DaemonSet":
            del spec["replicas"]
        if self.exported:
            made["status"] = {"availableReplicas": replicas, "observedGeneration": 4, "readyReplicas": replicas, "replicas": replicas}
        return made

    # Kinds, in the order in which an application lists them

    def deployment(self):
        return self.workload("Deployment", {"revisionHistoryLimit": 5, "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}})

    def worker(self):
        self.selector = {**self.selector, "app.kubernetes.io/component": "worker"}
        return self.workload("Deployment", {"progressDeadlineSeconds": 600}, name=f"{self.name}-worker")

    def stateful_set(self):
        claim = {
            "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "encrypted", "resources": {"requests": {"storage": "20Gi"}}},
        }
        return self.workload("StatefulSet", {"serviceName": self.name, "volumeClaimTemplates": [claim]})

    def daemon_set(self):
        return self.workload("DaemonSet", {"updateStrategy": {"type": "RollingUpdate"}})

    def cron_job(self):
        job = {"backoffLimit": 2, "template": self.pod("Never")}
        spec = {"schedule": f"{self.rng.randint(0, 59)} */2 * * *", "concurrencyPolicy": "Forbid", "jobTemplate": {"spec": job}}
        return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": self.metadata(fields=("schedule", "jobTemplate")), "spec": spec}

    def job(self):
        spec = {"backoffLimit": 1, "ttlSecondsAfterFinished": 3600, "template": self.pod("OnFailure")}
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": self.metadata(fields=("template",)), "spec": spec}

    def service(self):
        spec = {"type": "ClusterIP", "selector": self.selector, "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}]}
        if self.careless and self.rng.random() < 0.3:
            spec["type"] = self.rng.choice(["LoadBalancer", "NodePort"])
        return {"apiVersion": "v1", "kind": "Service", "metadata": self.metadata(fields=("ports", "selector", "type")), "spec": spec}

    def config_map(self):
        rng = self.rng
        lines = [f"{team}.{rng.choice(ROLES)}.{rng.choice(ENVIRONMENTS).lower()} = {rng.randint(1, 10**6)}" for team in TEAMS for _ in range(12)]
        data = {"config.yaml": "\n".join(lines) + "\n", "mode": rng.choice(["blue", "green"]), "retries": str(rng.randint(1, 9))}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": self.metadata(), "data": data}

    def ingress(self):
        host = f"{self.name}.shop.example"
        backend = {"service": {"name": self.name, "port": {"name": "http"}}}
        spec = {"ingressClassName": "alb", "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]}
        if not self.careless:
            spec["tls"] = [{"hosts": [host], "secretName": f"{self.name}-tls"}]
        return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": self.metadata(fields=("rules", "tls")), "spec": spec}

    def network_policy(self):
        peer = {"podSelector": {"matchLabels": {"app.kubernetes.io/part-of": self.team}}}
        ports = [{"protocol": "TCP", "port": self.port}]
        spec = {"podSelector": {"matchLabels": self.selector}, "policyTypes": ["Ingress", "Egress"]}
        spec["ingress"] = [{"from": [peer], "ports": ports}]
        spec["egress"] = [{"to": [peer], "ports": ports}, {"ports": [{"protocol": "UDP", "port": 53}]}]
        return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": self.metadata(), "spec": spec}

    def service_account(self):
        return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": self.metadata(), "automountServiceAccountToken": False}

    def role(self):
        rules = [
            {"apiGroups": [""], "resources": ["configmaps", "pods"], "verbs": ["get", "list", "watch"]},
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list"]},
        ]
        if self.careless and self.rng.random() < 0.3:
            rules.append({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
        return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": self.metadata(), "rules": rules}

    def role_binding(self):
        return {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": self.metadata(),
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": self.name},
            "subjects": [{"kind": "ServiceAccount", "name": self.name, "namespace": self.namespace}],
        }

    def claim(self):
        spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "encrypted", "resources": {"requests": {"storage": "10Gi"}}}
        return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": self.metadata(), "spec": spec}

    def disruption_budget(self):
        spec = {"maxUnavailable": 1, "selector": {"matchLabels": self.selector}}
        return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": self.metadata(), "spec": spec}

    def autoscaler(self):
        spec = {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": self.name},
            "minReplicas": 2,
            "maxReplicas": 12,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}],
        }
        return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": self.metadata(), "spec": spec}

    def secret(self):
        value = "RVhBTVBMRS1ub3QtYS1yZWFsLXNlY3JldA=="
        return {"apiVersion": "v1", "kind": "Secret", "metadata": self.metadata(), "type": "Opaque", "data": {"token": value}}

    def objects(self, number):
        """Between nine and fourteen objects; the first application of a hundred brings the namespace."""
        if number % 100 < len(TEAMS):
            namespace = self.metadata(name=self.namespace, cluster_scoped=True)
            namespace["labels"]["pod-security.kubernetes.io/enforce"] = "baseline" if self.careless else "restricted"
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": namespace}
            deny = self.network_policy()
            deny["metadata"]["name"] = "default-deny"
            deny["spec"] = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
            yield deny
        yield self.service_account()
        yield self.config_map()
        yield self.rng.choices([self.deployment, self.stateful_set, self.daemon_set], weights=[8, 3, 1])[0]()
        yield self.service()
        yield self.network_policy()
        if self.rng.random() < 0.5:
            yield self.cron_job()
        if self.rng.random() < 0.3:
            yield self.worker()
        if self.rng.random() < 0.2:
            yield self.job()
        if self.rng.random() < 0.6:
            yield self.ingress()
        yield self.role()
        yield self.role_binding()
        if self.rng.random() < 0.4:
            yield self.claim()
        yield self.disruption_budget()
        if self.rng.random() < 0.5:
            yield self.autoscaler()
        if self.rng.random() < 0.4:
            yield self.secret()


def corpus(count, seed):
    """The objects of a corpus, lazily; the first N of a larger corpus are the corpus of N."""
    made = 0
    number = 0
    while True:
        application = Application(number, random.Random(f"{seed}/{number}"))
        for thing in application.objects(number):
            if made == count:
                return
            yield thing
            made += 1
        number += 1


# Writing YAML. A small emitter, since the standard library has none: the plain block style of kubectl.

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@{}\",")


def scalar(value):
    """A scalar as kubectl writes it: plain where it reads back as the same string, quoted where not."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    simple = value and value[0].isalpha() or value[:1] == "/"
    if simple and set(value) <= PLAIN and not value.endswith(":") and value.lower() not in ("true", "false", "yes", "no", "on", "off", "null", "y", "n"):
        return value
    return json.dumps(value)


def emit(value, indent, lines):
    """Appends the lines of a mapping or a sequence."""
    pad = " " * indent
    if isinstance(value, dict):
        for key, item in value.items():
            emit_entry(pad + scalar(key) + ":", item, indent, lines)
    else:
        for item in value:
            if isinstance(item, (dict, list)) and item:
                start = len(lines)
                emit(item, indent + 2, lines)
                lines[start] = pad + "- " + lines[start][indent + 2 :]
            else:
                lines.append(f"{pad}- {'{}' if item == {} else scalar(item)}")


def emit_entry(head, item, indent, lines):
    if item == {} or item == []:
        lines.append(f"{head} {json.dumps(item)}")
    elif isinstance(item, dict):
        lines.append(head)
        emit(item, indent + 2, lines)
    elif isinstance(item, list):
        lines.append(head)
        emit(item, indent, lines)  # kubectl does not indent sequences
    elif isinstance(item, str) and "\n" in item:
        lines.append(head + " |")
        lines.extend(" " * (indent + 2) + line for line in item.splitlines())
    else:
        lines.append(f"{head} {scalar(item)}")


def as_yaml(objects, comments):
    parts = []
    for index, thing in enumerate(objects):
        lines = []
        if comments.random() < 0.4:
            lines.append(comments.choice(SENTENCES))
        emit(thing, 0, lines)
        parts.append("\n".join(lines) + "\n")
    return "---\n".join(parts)


def as_list(objects):
    lines = ["apiVersion: v1", "kind: List", "items:"]
    emit(objects, 0, lines)
    return "\n".join(lines) + "\n"


def as_json(objects):
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}, indent=4) + "\n"


def write(objects, files, folder, form, seed):
    """Spreads the objects evenly over the files, in order. Returns the number of bytes written."""
    os.makedirs(folder, exist_ok=True)
    total = 0
    share, rest = divmod(len(objects), files)
    start = 0
    for number in range(files):
        end = start + share + (1 if number < rest else 0)
        part, start = objects[start:end], end
        if form == "json":
            text = as_json(part)
        elif form == "list":
            text = as_list(part)
        else:
            text = as_yaml(part, random.Random(f"{seed}/comments/{number}"))
        path = os.path.join(folder, f"part-{number:04d}.{'json' if form == 'json' else 'yaml'}")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        total += len(text.encode())
    return total


def main():
    parser = argparse.ArgumentParser(description="Write a deterministic corpus of Kubernetes manifests.")
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=250)
    parser.add_argument("--format", choices=["yaml", "json", "list"], default="yaml")
    parser.add_argument("--seed", default="demarc")
    parser.add_argument("--out", required=True, help="directory to write to; must be empty or not exist")
    arguments = parser.parse_args()
    if arguments.objects < 1 or arguments.files < 1:
        parser.error("--objects and --files must be at least 1")
    if os.path.isdir(arguments.out) and os.listdir(arguments.out):
        parser.error(f"{arguments.out} is not empty; name another directory or remove it first")
    files = min(arguments.files, arguments.objects)
    objects = list(corpus(arguments.objects, arguments.seed))
    size = write(objects, files, arguments.out, arguments.format, arguments.seed)
    print(f"{len(objects)} objects in {files} files, {size / 1e6:.1f} MB, {size // len(objects)} bytes an object")


if __name__ == "__main__":
    main()
