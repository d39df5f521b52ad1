"""`make screenshots`: the pictures of static/description/, taken in the browser from the demo data."""

import os

from ..console import exit_with
from ..pictures import take_pictures
from ..state import CHECKOUT


def main() -> int:
    """Take all pictures."""
    os.environ["MCR_PICTURES"] = str(CHECKOUT / "static" / "description")
    return take_pictures("pictures")


if __name__ == "__main__":
    exit_with(main)
