"""What one rule about a server's words is, and what it looks at."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from .answer_class import AnswerClass

# Where in the session an answer came; empty where nobody knows.
CONNECT, LOGIN, MAIL, RCPT, DATA = "connect", "login", "mail", "rcpt", "data"
# Before anything is said of a mail.
OPENING = (CONNECT, LOGIN)
# Of an answer, no more than this is looked at.
TEXT_LIMIT = 500
_DAY = timedelta(days=1)
_AFTER_MIDNIGHT = timedelta(minutes=10)
_BEIJING = timedelta(hours=8)
_IN_CHINA = re.compile(
    r"\.(qq|163|126|yeah|aliyun|sina|sohu|huaweicloud|icoremail|263)\.(com|net)$|\.cn$", re.IGNORECASE
)


class Reply(NamedTuple):
    """An answer of a server: a 4xx or 5xx code, its enhanced status or "", its words on one line, its stage or ""."""

    code: int
    enhanced: str
    text: str
    stage: str

    @property
    def is_final(self):
        return self.code >= 500


class Rest(NamedTuple):
    """How long a server means what it said.

    ``today``: to the end of its day, if we know when its day ends. ``in_china``: its day ends there.
    ``probe_harms``: each try before that makes it longer. ``new_session``: it wants another session, no rest at all.
    """

    length: timedelta = timedelta()
    today: bool = False
    in_china: bool = False
    probe_harms: bool = False
    new_session: bool = False

    def ends(self, now, host=""):
        """Return when it is over, as naive UTC.

        :param str host: the mail server's

        >>> str(Rest(timedelta(hours=4), today=True).ends(datetime(2024, 5, 6, 9, 30), "smtp.exmail.qq.com"))
        '2024-05-06 16:10:00'
        """
        if not self.today or not (self.in_china or _IN_CHINA.search(host or "")):
            return now + self.length
        local = now + _BEIJING
        return datetime.combine(local, datetime.min.time()) + _DAY + _AFTER_MIDNIGHT - _BEIJING


class Rule(NamedTuple):
    """Which words mean what.

    :param str name: says what it is about, for whoever reads a trace or asks for more than the class
    :param pattern: the words; each repetition in it is bounded, as the text may be any
    :param unless: words that make it mean something else
    :param stages: where it counts; everywhere if empty
    :param statuses: the enhanced statuses that say the same without any words
    """

    name: str
    answer_class: AnswerClass
    pattern: re.Pattern | None = None
    unless: re.Pattern | None = None
    stages: tuple = ()
    statuses: re.Pattern | None = None
    rest: Rest | None = None

    def fits(self, reply):
        """Tell whether an answer says this in words."""
        return bool(
            self.pattern
            and (not self.stages or reply.stage in self.stages)
            and self.pattern.search(reply.text)
            and not (self.unless and self.unless.search(reply.text))
        )

    def fits_status(self, reply):
        """Tell whether an answer says this by its status, where its words say nothing."""
        return bool(
            self.statuses
            and (not self.stages or reply.stage in self.stages)
            and self.statuses.fullmatch(reply.enhanced)
        )


def words(*patterns):
    """Return one expression for several."""
    return re.compile("|".join(patterns), re.IGNORECASE)
