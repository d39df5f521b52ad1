"""What one job of OCA's ``queue_job`` may do: send through a few servers, for a while."""

import time

# Odoo ends a request after ``limit_time_real``, two minutes unless set, and the mail in hand would be in doubt then.
SECONDS = 30


class Turn:
    """One job's turn with the servers of a key, see ``mail.mail._by_job_key``; the rest is for another job."""

    def __init__(self, key):
        self.key = key
        self.until = time.monotonic() + SECONDS

    @property
    def is_over(self):
        """Tell whether no further mail may be begun."""
        return time.monotonic() > self.until
