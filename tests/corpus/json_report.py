# args: 3
import json
import sys

n = int(sys.argv[1])
report = {"name": "run", "values": [i / 2 for i in range(4)], "ok": True, "note": None}
report["count"] = 4
print(json.dumps(report))
print(json.dumps(report, indent=2, sort_keys=True))
config = json.loads('{"size": 3, "tags": ["x", "y"], "nested": {"deep": 1.5}}')
print(config["size"] * n, config["tags"], config["nested"]["deep"] + n)
