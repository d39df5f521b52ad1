"""Recognise bounces: mails that report that another one could not be delivered, whoever sent them to any address.

It is strict, because nobody sees a mail that is taken for a bounce: a machine must have sent it, and its report,
subject or text must name a failure. A report that a customer forwards, or an out-of-office answer, is no bounce.
"""

from typing import NamedTuple

from .. import address
from . import automatic, bounce_text, reader
from .bounce_reason import find_code, reason_kind
from .delivery_status import read_delivery_status
from .returned_mail import returned_ids, returns_mail


class Bounce(NamedTuple):
    """What a bounce says.

    ``recipients`` are the addresses that it names as failed, ``mentioned`` all others in its text: the failed ones may
    be among them. ``message_ids`` may be the original's, the likeliest first. ``text`` is the server's answer,
    ``code`` its status, ``kind`` the reason. If it is not ``certain``, it is a bounce only if one of the message ids
    is known.
    """

    recipients: tuple
    message_ids: tuple
    code: str
    text: str
    kind: str
    mentioned: tuple = ()
    certain: bool = True


def read_bounce(message):
    """Return the :class:`Bounce` in a mail, or None if it is no bounce.

    Reads any mail, however damaged, without raising.

    :param email.message.Message message: the mail as it came in
    """
    is_candidate = (
        automatic.is_automatic(message)
        or automatic.is_report(message)
        or (bounce_text.has_failure_subject(message) and not automatic.answers(message))
    )
    if not is_candidate or automatic.is_receipt(message) or automatic.is_complaint(message):
        return None
    statuses = read_delivery_status(message)
    failed = [status for status in statuses if status.failed]
    if failed:
        return _of_report(message, failed)
    if statuses or automatic.is_vacation(message) or bounce_text.has_delay_subject(message):
        return None
    return _of_text(message)


def says_no_failure(message):
    """Tell whether a report names recipients and no failure: the mail is late, or it arrived."""
    statuses = read_delivery_status(message)
    return bool(statuses) and not any(status.failed for status in statuses)


def _of_report(message, failed):
    """Return the bounce that a report describes."""
    shown = bounce_text.shown_text(message)
    said = bounce_text.without_copy(shown)
    words = next((status.diagnostic for status in failed if status.diagnostic), "") or bounce_text.telling_line(said)
    code = next((status.status for status in failed if status.status), "") or find_code(words)
    others = [other for status in failed for other in status.others]
    emails = [status.email for status in failed if status.email] or bounce_text.named_recipients(said)
    return Bounce(
        recipients=_unique(emails),
        message_ids=returned_ids(message, shown),
        code=code,
        text=bounce_text.words(words),
        kind=reason_kind(code, words),
        mentioned=_unique([*others, *bounce_text.mentioned_addresses(message, shown)]),
    )


def _of_text(message):
    """Return the bounce that the text of a mail without a report describes, or None."""
    shown = bounce_text.shown_text(message)
    said = bounce_text.without_copy(shown)
    signs = _signs(message, shown, said)
    is_clear = _is_clear(message, signs)
    ids = returned_ids(message, shown, answers=is_clear)
    may_be_one = signs.is_from_system or (signs.subject and automatic.is_automatic(message))
    if not is_clear and not (ids and signs.speaks and may_be_one):
        return None
    failed = [entry.email for entry in address.parse(reader.header(message, "X-Failed-Recipients"))]
    line = bounce_text.telling_line(said)
    code = find_code(line)
    return Bounce(
        recipients=_unique(failed or bounce_text.named_recipients(said)),
        message_ids=ids,
        code=code,
        text=bounce_text.words(line),
        kind=reason_kind(code, line),
        mentioned=_unique(bounce_text.mentioned_addresses(message, said)),
        certain=is_clear,
    )


class _Signs(NamedTuple):
    """What speaks for a bounce: who sent it, its subject, its words, and the form that mail systems give it.

    ``names``, ``quotes``, ``returns``: it names recipients as mail systems do, quotes a server, returns the mail.
    """

    is_from_system: bool
    subject: bool
    words: bool
    names: bool
    quotes: bool
    returns: bool

    @property
    def speaks(self):
        return self.subject or self.words

    @property
    def form(self):
        return self.names or self.quotes or self.returns

    @property
    def is_complete(self):
        return self.names and self.quotes and self.returns


def _signs(message, shown, said):
    """Return the :class:`_Signs` of a mail."""
    return _Signs(
        is_from_system=automatic.is_daemon(message) or automatic.has_no_sender(message) or automatic.is_report(message),
        subject=bounce_text.has_failure_subject(message),
        words=bounce_text.speaks_of_failure(said),
        names=bool(bounce_text.named_recipients(said)),
        quotes=bounce_text.quotes_a_server(said),
        returns=bounce_text.has_copy(shown) or returns_mail(message),
    )


def _is_clear(message, signs):
    """Tell whether a mail is a bounce, even if the mail it is about is unknown.

    A word is not enough where the sender may be a person or a firm: a parcel service writes "Delivery failed", too, and
    so does a person at postmaster. The form that mail systems give a report confirms it.
    """
    if reader.header(message, "X-Failed-Recipients"):
        return True
    if automatic.is_mail_system(message) or automatic.is_report(message):
        return signs.subject or (signs.words and signs.form) or (signs.names and signs.returns)
    if signs.is_from_system:
        return signs.form and signs.subject
    return signs.subject and signs.words and signs.is_complete and not automatic.answers(message)


def _unique(values):
    """Return the values as a tuple, each once; each of them may cost queries, so those of a huge bounce are cut off."""
    return tuple(dict.fromkeys(values))[: reader.MAX_PARTS]
