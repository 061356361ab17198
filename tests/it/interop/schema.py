"""Judges TOML files by a JSON Schema as Python does: validate.py SCHEMA FILE...

Prints a JSON object of what is wrong with each file. Ends badly where the schema itself is none.
"""

import json
import re
import sys
import tomllib

from jsonschema import Draft202012Validator


def patterns(schema):
    """Every pattern of the schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for inner in schema.values():
            yield from patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from patterns(inner)


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
Draft202012Validator.check_schema(schema)
for pattern in patterns(schema):
    re.compile(pattern)

validator = Draft202012Validator(schema)
told = {}
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        told[path] = [error.message for error in validator.iter_errors(tomllib.load(file))]
print(json.dumps(told))
