# stdin: {"name": "x", "items": [1, 2.5, null, true], "sub": {"k": "v"}}
import json
import sys


def walk(value, path="$"):
    match value:
        case dict():
            for key, item in value.items():
                yield from walk(item, f"{path}.{key}")
        case list():
            for i, item in enumerate(value):
                yield from walk(item, f"{path}[{i}]")
        case _:
            yield path, value


text = sys.stdin.read()
try:
    data = json.loads(text)
except json.JSONDecodeError as e:
    print(f"bad json: {e.msg} at line {e.lineno} column {e.colno}")
    sys.exit(1)
print(type(data).__name__)
for path, value in walk(data):
    print(f"{path} = {value!r} ({type(value).__name__})")
print(json.dumps(data, sort_keys=True))
print(json.dumps({"n": len(data), "ok": True, "data": data}, indent=2))
