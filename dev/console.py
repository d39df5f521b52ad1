"""How the commands speak: a line a step, and failures that say what to do."""

import signal
import sys
from collections.abc import Callable


class Failure(Exception):
    """Something a developer can fix. The message says what happened, then what to do."""


def say(text: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(f"-- {text}", flush=True)


def exit_with(command: Callable[[], int]) -> None:
    """Run `command` and exit with its code: 1 after a failure, 130 after Ctrl-C or a kill."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = command()
    except Failure as failure:
        print(f"\nFailed: {failure}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        code = 130
    sys.exit(code)
