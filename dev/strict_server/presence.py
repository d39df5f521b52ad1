"""Who is logged in at the same time."""

from collections import Counter


class Presence:
    """Counts the sessions of each login.

    ``most_of_one``: how many sessions one login had at once, at most; ``most``: how many logins had one at once.
    """

    def __init__(self):
        self.open = Counter()
        self.most_of_one = 0
        self.most = 0

    def enter(self, login: str) -> None:
        """Count a session that has logged in."""
        self.open[login] += 1
        self.most_of_one = max(self.most_of_one, self.open[login])
        self.most = max(self.most, len(self.open))

    def leave(self, login: str) -> None:
        """Count it out."""
        self.open[login] -= 1
        if not self.open[login]:
            del self.open[login]
