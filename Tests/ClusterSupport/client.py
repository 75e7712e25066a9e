"""Sends many requests to an API server: keep-alive, several connections, answers in the order of the questions.

    client.py requests URL CA TOKEN-FILE    JSON lines {"method", "path", "body", "headers"} to JSON lines {"status", "body", "warnings"}
    client.py create URL CA TOKEN-FILE      objects (JSON values one after another, YAML documents, Lists) to JSON lines as above;
                                            Namespaces are created before all else; once it ends, the authorizer goes by roles and
                                            bindings among them
    client.py settle URL CA TOKEN-FILE      waits until the authorizer goes by all roles and bindings that were made until now
    client.py reviews URL CA TOKEN-FILE     JSON lines, each the spec of a SubjectAccessReview, to lines "true" or "false"

Nothing waits longer than two minutes for an answer; a connection that breaks ends the program with 1 and a line that says which request it was.
"""

import http.client
import itertools
import json
import re
import ssl
import sys
import threading
import time
import uuid
from urllib.parse import urlsplit

# Two cores are shared with the server itself: more connections than these were no faster.
CONNECTIONS = 4
TIMEOUT = 120
REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
OWN_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


class Server:
    def __init__(self, url, authority, token_file):
        self.address = urlsplit(url)
        self.context = ssl.create_default_context(cafile=authority)
        with open(token_file, encoding="utf-8") as file:
            self.token = file.read().strip()

    def connect(self):
        return http.client.HTTPSConnection(self.address.hostname, self.address.port, context=self.context, timeout=TIMEOUT)

    def send(self, connection, request):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **request.get("headers", {})}
        body = request.get("body")
        connection.request(request["method"], request["path"], None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8"), response.headers.get_all("Warning", [])

    def send_all(self, requests, connections=CONNECTIONS):
        """The answers, each at the place of its request."""
        answers = [None] * len(requests)
        # Taking the next index of a counter is one step of the interpreter, so no two threads get the same.
        indices = itertools.count()
        failures = []

        def work():
            connection = self.connect()
            while not failures and (index := next(indices)) < len(requests):
                try:
                    answers[index] = self.send(connection, requests[index])
                except (OSError, http.client.HTTPException) as error:
                    failures.append(f"request {index + 1}, {requests[index]['method']} {requests[index]['path']}: {error!r}")
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(min(connections, len(requests)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            sys.exit(failures[0])
        return answers


def objects(text):
    """The objects of a text, those in Lists too."""
    if text.lstrip().startswith("{"):
        decoder, position, found = json.JSONDecoder(), 0, []
        while (position := re.compile(r"\s*").match(text, position).end()) < len(text):
            value, position = decoder.raw_decode(text, position)
            found.append(value)
    else:
        import yaml

        found = [value for value in yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if value is not None]
    for value in found:
        if value.get("kind", "").endswith("List") and isinstance(value.get("items"), list):
            yield from value["items"]
        else:
            yield value


def creations(server, values):
    """A request that creates each object, at the address that the server's own discovery gives its kind."""
    connection, known = server.connect(), {}
    for value in values:
        version = value["apiVersion"]
        base = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if base not in known:
            status, body, _ = server.send(connection, {"method": "GET", "path": base})
            resources = json.loads(body)["resources"] if status == 200 else []
            known[base] = {each["kind"]: each for each in resources if "/" not in each["name"]}
        resource = known[base].get(value["kind"])
        if resource is None:
            sys.exit(f"the API server does not serve {version} {value['kind']}")
        namespace = value.get("metadata", {}).get("namespace", "default")
        scope = f"/namespaces/{namespace}" if resource["namespaced"] else ""
        yield {"method": "POST", "path": f"{base}{scope}/{resource['name']}", "body": value}
    connection.close()


def create(server, text):
    requests = list(creations(server, objects(text)))
    answers = [None] * len(requests)
    for first in True, False:
        chosen = [index for index, request in enumerate(requests) if (request["body"]["kind"] == "Namespace") == first]
        for index, answer in zip(chosen, server.send_all([requests[index] for index in chosen])):
            answers[index] = answer
    if any(request["path"].startswith(RBAC) and answer[0] == 201 for request, answer in zip(requests, answers)):
        settle(server)
    return answers


def settle(server):
    """The authorizer hears of a role or binding a moment after it is stored: of each kind by itself, and in the order in which they were stored. So it
    goes by all of them once it goes by one more of each kind, which is gone again afterwards."""
    user = f"settled-{uuid.uuid4().hex}"
    connection, made, own = server.connect(), [], []

    def ask(method, path, expected, body=None, headers={}):
        status, text, _ = server.send(connection, {"method": method, "path": path, "body": body, "headers": headers})
        if status != expected:
            sys.exit(f"{method} {path}: status {status}, {text}")
        return json.loads(text)

    def counts(question):
        return ask("POST", OWN_REVIEWS, 201, question, {"Impersonate-User": user})["status"]["allowed"]

    for kind, scope, place in ("ClusterRole", "", {}), ("Role", "/namespaces/default", {"namespace": "default"}):
        metadata = {"name": user}
        rule = {"apiGroups": [""], "resources": [f"{kind.lower()}-{user}"], "verbs": ["get"]}
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": user}
        subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}
        made.append((f"{RBAC}{scope}/{kind.lower()}s", {"metadata": metadata, "rules": [rule]}))
        made.append((f"{RBAC}{scope}/{kind.lower()}bindings", {"metadata": metadata, "roleRef": reference, "subjects": [subject]}))
        own.append({"spec": {"resourceAttributes": {"verb": "get", "resource": f"{kind.lower()}-{user}", **place}}})
    for path, body in made:
        ask("POST", path, 201, body)
    deadline = time.monotonic() + TIMEOUT
    while not all(map(counts, own)):
        if time.monotonic() > deadline:
            sys.exit(f"the authorizer does not hear of a binding within {TIMEOUT} s")
        time.sleep(0.02)
    for path, _ in made:
        ask("DELETE", f"{path}/{user}", 200)
    connection.close()


def review(server, specs):
    kind = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview"}
    for index, (status, body, _) in enumerate(server.send_all([{"method": "POST", "path": REVIEWS, "body": {**kind, "spec": spec}} for spec in specs])):
        if status != 201:
            sys.exit(f"review {index + 1}: status {status}, {body}")
        yield json.loads(body)["status"]["allowed"]


def main(mode, url, authority, token_file):
    server = Server(url, authority, token_file)
    text = sys.stdin.read()
    if mode == "settle":
        settle(server)
        return
    if mode == "create":
        answers = create(server, text)
    else:
        # Not splitlines(): JSON may hold the line breaks of Unicode as they are.
        lines = [json.loads(line) for line in text.split("\n") if line]
        if mode == "reviews":
            sys.stdout.write("".join("true\n" if allowed else "false\n" for allowed in review(server, lines)))
            return
        answers = server.send_all(lines)
    sys.stdout.write("".join(json.dumps(dict(zip(("status", "body", "warnings"), answer))) + "\n" for answer in answers))


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("requests", "create", "settle", "reviews"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
