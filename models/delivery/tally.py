"""What became of mails, counted in memory until a batch is over."""

from typing import NamedTuple

SENT, WAITED, FAILED = "sent", "waited", "failed"
FETCHED, UNROUTED, NOT_FETCHED = "fetched", "unrouted", "not_fetched"
# Characters of an answer that are kept; it is there to be recognised.
LONGEST_ANSWER = 500


class Subject(NamedTuple):
    """What is counted together; either server may be None: then it is the one in odoo.conf, or none at all."""

    result: str
    company_id: int | None = None
    mail_server_id: int | None = None
    fetchmail_server_id: int | None = None
    answer_class: str | None = None


class Tally:
    """Counts results, and keeps the last answer of each."""

    def __init__(self):
        self.counts = {}
        self.total = 0

    def add(self, subject, count=1, answer=None):
        """Count results of one subject.

        :param answer: what the server said, in its own words
        """
        before, _last = self.counts.get(subject, (0, None))
        self.counts[subject] = before + count, answer and str(answer)[:LONGEST_ANSWER]
        self.total += count

    def take(self):
        """Return what was counted as (subject, count, last answer), and begin anew."""
        taken = [(subject, *counted) for subject, counted in self.counts.items() if counted[0]]
        self.counts = {}
        return taken
