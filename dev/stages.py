"""Runs the stages of a proof, and prints what each said."""

from .console import Failure, say
from .table import print_table


def run_stages(*stages) -> int:
    """Run them all; return 1 if one did not go as it should.

    A stage returns what it proved, or a sentence that begins with "not " where it could not be run.
    """
    rows = [(stage.__name__.replace("_", " "), *_outcome(stage)) for stage in stages]
    print()
    print_table(("", "Result", ""), rows)
    return 1 if any(row[1] == "FAILED" for row in rows) else 0


def _outcome(stage) -> tuple[str, str]:
    """Run a stage; return its result and what it says."""
    try:
        said = stage()
    except Failure as failure:
        say(f"Not as it should be: {failure}")
        return "FAILED", "see above"
    return ("not run", said[4:]) if said.startswith("not ") else ("passed", said)
