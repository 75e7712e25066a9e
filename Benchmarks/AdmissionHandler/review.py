#!/usr/bin/env python3
"""Writes the review of one Pod as an API server sends it, about 6 KB, to standard output.

    review.py [--privileged]     the Pod of the benchmark, or one that is denied
"""
import json
import sys


def container(name, image, ports, privileged=False):
    return {
        "name": name,
        "image": f"registry.example.com/shop/{image}@sha256:" + "0f1e2d3c4b5a6978" * 4,
        "ports": [{"name": n, "containerPort": p, "protocol": "TCP"} for n, p in ports],
        "env": [
            {"name": "MODE", "value": "production"},
            {"name": "POD_IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}},
            {"name": "DATABASE", "valueFrom": {"secretKeyRef": {"name": "database", "key": "url"}}},
        ],
        "resources": {"limits": {"cpu": "1", "memory": "512Mi"}, "requests": {"cpu": "250m", "memory": "256Mi"}},
        "volumeMounts": [
            {"name": "settings", "readOnly": True, "mountPath": "/etc/web"},
            {"name": "scratch", "mountPath": "/tmp"},
            {"name": "kube-api-access-x2x4q", "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"},
        ],
        "livenessProbe": {"httpGet": {"path": "/live", "port": ports[0][1], "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 10,
                          "successThreshold": 1, "failureThreshold": 3},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": ports[0][1], "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 5,
                           "successThreshold": 1, "failureThreshold": 3},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
        "securityContext": {"privileged": True} if privileged else {
            "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False},
    }


def managed():
    def fields(names):
        return {f"f:{name}": {} for name in names}
    each = {".": {}, **fields(["image", "imagePullPolicy", "name", "terminationMessagePath", "terminationMessagePolicy"]),
            "f:resources": {".": {}, "f:limits": {".": {}, **fields(["cpu", "memory"])}, "f:requests": {".": {}, **fields(["cpu", "memory"])}},
            "f:securityContext": {".": {}, **fields(["allowPrivilegeEscalation", "readOnlyRootFilesystem"])}}
    return [{"manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1", "time": "2026-11-27T10:00:00Z",
             "fieldsType": "FieldsV1", "fieldsV1": {
                 "f:metadata": {"f:generateName": {}, "f:labels": {".": {}, **fields(["app", "team", "pod-template-hash"])},
                                "f:ownerReferences": {".": {}, "k:{\"uid\":\"8a5f0c2e-6c1d-4a7b-9f00-1b2c3d4e5f60\"}": {}}},
                 "f:spec": {"f:containers": {f"k:{{\"name\":\"{name}\"}}": each for name in ("web", "proxy")},
                            **fields(["dnsPolicy", "enableServiceLinks", "restartPolicy", "schedulerName", "serviceAccountName"])}}}]


def main():
    privileged = "--privileged" in sys.argv[1:]
    pod = {
        "kind": "Pod", "apiVersion": "v1",
        "metadata": {
            "name": "shop-web-7d9c5b8f6d-x2x4q", "generateName": "shop-web-7d9c5b8f6d-", "namespace": "shop",
            "labels": {"app": "web", "team": "shop", "pod-template-hash": "7d9c5b8f6d"},
            "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "9090"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "shop-web-7d9c5b8f6d",
                                 "uid": "8a5f0c2e-6c1d-4a7b-9f00-1b2c3d4e5f60", "controller": True, "blockOwnerDeletion": True}],
            "managedFields": managed(),
        },
        "spec": {
            "volumes": [
                {"name": "settings", "configMap": {"name": "web", "defaultMode": 420}},
                {"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}},
                {"name": "kube-api-access-x2x4q", "projected": {"defaultMode": 420, "sources": [
                    {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                    {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                    {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
                ]}},
            ],
            "containers": [container("web", "web", [("http", 8080), ("metrics", 9090)], privileged), container("proxy", "proxy", [("admin", 15000)])],
            "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
            "serviceAccountName": "web", "serviceAccount": "web", "schedulerName": "default-scheduler",
            "securityContext": {"runAsUser": 10001, "runAsNonRoot": True, "fsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
            "tolerations": [
                {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
                {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
            ],
            "priority": 0, "enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority",
        },
        "status": {},
    }
    request = {
        "uid": "0df28fbd-5f5f-11e8-bc74-36e6bb280816",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
        "requestResource": {"group": "", "version": "v1", "resource": "pods"},
        "name": "shop-web-7d9c5b8f6d-x2x4q", "namespace": "shop", "operation": "CREATE",
        "userInfo": {"username": "system:serviceaccount:kube-system:replicaset-controller", "uid": "0a1b2c3d-0000-4000-8000-000000000001",
                     "groups": ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"]},
        "object": pod, "oldObject": None, "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    json.dump({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}, sys.stdout, separators=(",", ":"))


main()
