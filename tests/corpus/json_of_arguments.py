# args: "{\"a\":[1,2.5,null],\"b\":\"x\"}" "{bad" "[1,"
import json, sys
for text in sys.argv[1:]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        print("bad:", error, error.msg, error.pos, error.lineno, error.colno)
        continue
    print(type(data).__name__, data)
    print(json.dumps(data, indent=4, sort_keys=True))
    json.dump(data, sys.stdout)
    print()
