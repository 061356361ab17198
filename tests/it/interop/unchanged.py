import json
import pathlib
import sys

from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError

before, after, ours = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
counts = {"same": 0, "unreadable": 0}
for file in sorted(before.iterdir()):
    try:
        was = load_config(str(file))
    except ConfigParseError:
        counts["unreadable"] += 1
        continue
    now = load_config(str(after / file.name))
    profile = now["profiles"].pop(ours)
    # A section [DEFAULT] adds its keys to every other one.
    assert {"region", "credential_process"} <= set(profile), (file.name, profile)
    assert now == was, (file.name, was, now)
    counts["same"] += 1
print(json.dumps(counts))
