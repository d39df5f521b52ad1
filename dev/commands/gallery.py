"""`make gallery`: a picture of every screen, in each language and width, and what is wrong with it."""

import os
import shutil

from ..console import exit_with, say
from ..pictures import take_pictures
from ..state import KEY, subfolder


def main() -> int:
    """Take the pictures that SCREENS names, else all, in LANGS (else English and Chinese); say where they are."""
    folder = subfolder("gallery") / KEY
    languages = os.environ.setdefault("LANGS", "en_US zh_CN").split()
    if not os.environ.get("SCREENS"):
        for language in languages:
            shutil.rmtree(folder / language, ignore_errors=True)
    os.environ["MCR_GALLERY"] = str(folder)
    code = take_pictures("gallery")
    for page in sorted(folder.glob("*/index.html")):
        say(f"To look at: {page}")
    return code


if __name__ == "__main__":
    exit_with(main)
