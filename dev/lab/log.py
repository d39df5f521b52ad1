"""What Postfix has written since the lab was last cleared."""

import re
from pathlib import Path

from .process import wait_until


class Log:
    """The log of one test after the other."""

    def __init__(self, path: Path):
        self._path = path
        self._start = 0

    def clear(self) -> None:
        """Look only at what is written from now on."""
        self._start = self._path.stat().st_size if self._path.exists() else 0

    def text(self) -> str:
        """Return it; complete once the lab has settled."""
        with self._path.open("rb") as log:
            log.seek(self._start)
            return log.read().decode("utf-8", "replace")

    def lines(self, *words: str) -> list[str]:
        """Return the lines with all these words, at least one: Postfix writes a little later than it acts."""
        wait_until(lambda: self._found(words), lambda: f"Postfix has not logged {words}:\n{self.text()[-2000:]}")
        return self._found(words)

    def logins(self) -> list[str]:
        """Return who sent the mails that were taken, in their order."""
        return re.findall(r"sasl_username=(\S+)", self.text())

    def _found(self, words: tuple[str, ...]) -> list[str]:
        return [line for line in self.text().splitlines() if all(word in line for word in words)]
