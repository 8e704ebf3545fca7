# args: 5 0 x
import sys


class ConfigError(Exception):
    """What a user reads."""


def parse(text):
    try:
        return 100 // int(text)
    except ValueError as error:
        raise ConfigError(f"bad number {text!r}") from error


for text in sys.argv[1:]:
    try:
        value = parse(text)
    except ZeroDivisionError as error:
        print("zero:", error)
    except ConfigError as error:
        print("config:", error, "caused by", type(error.__cause__).__name__)
    else:
        print("value", value)
    finally:
        print("next")
raise ConfigError("the end")
