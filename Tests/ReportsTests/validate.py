#!/usr/bin/env python3
"""validate.py SCHEMA [ITEM-KIND] < DOCUMENT: checks a JSON document against a JSON schema.

With ITEM-KIND the document is a Kubernetes List, and its items of that kind are checked, each on its own.
Schemas of OSCAL use \\p{L}, which Python's own `re` does not know; the `regex` module does. Exit code 0: valid, 1: not, with
the first errors on stdout, 77: this machine lacks a module that is needed.
"""
import json
import sys

try:
    import jsonschema
    import regex
except ImportError as error:
    print(f"no module {error.name}: pip install jsonschema regex")
    sys.exit(77)


def pattern(validator, pattern, instance, schema):
    if validator.is_type(instance, "string") and not regex.search(pattern, instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
base = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)
checker = jsonschema.validators.extend(base, {"pattern": pattern})(schema, format_checker=base.FORMAT_CHECKER)
document = json.load(sys.stdin)
documents = [document]
if len(sys.argv) > 2:
    documents = [item for item in document["items"] if item["kind"] == sys.argv[2]]
    if not documents:
        print(f"no item of kind {sys.argv[2]}")
        sys.exit(1)
errors = [error for each in documents for error in checker.iter_errors(each)]
for error in errors[:10]:
    print(f"{error.json_path}: {error.message[:400]}")
print(f"{len(documents)} checked, {len(errors)} errors")
sys.exit(1 if errors else 0)
