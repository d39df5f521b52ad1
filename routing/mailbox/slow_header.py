"""Headers that keep the standard library busy for minutes: its time grows with the square of what is no plain list.

Odoo reads the headers of a mail, and of each of its parts, in their structured forms, several times.
"""

import re

from .. import address

# Bytes of all headers with addresses: some fifteen hundred recipients.
MOST_ADDRESSES = 64 * 1024
# Squared characters, which take some seconds: ten thousand in one piece, or a hundred long names of attachments.
MOST_COST = 10_000**2
# What the standard library reads by its grammar, at the start of a line, with the lines that continue it.
_HEADER = re.compile(
    rb"(?:^|[\r\n])(?:(from|sender|reply-to|to|cc|bcc|resent-[a-z]{1,9})|content-[a-z-]{1,30}|message-id|mime-version)"
    rb"[ \t]*:([^\r\n]*(?:(?:\r\n?|\n)[ \t][^\r\n]*)*)",
    re.IGNORECASE,
)
# Characters around the name and the address of a recipient.
_AROUND = 6
# A header that is shorter costs nothing to speak of.
_SHORT = 200


def is_slow(raw: bytes) -> bool:
    """Tell whether a message has headers that take long to read, at its beginning or in a part."""
    cost = addresses = 0
    for found in _HEADER.finditer(raw):
        size = len(found[2])
        if found[1] and size > _SHORT:
            addresses += size
            cost += _list_cost(found[2].decode("latin-1"))
        else:
            cost += size**2
        if cost > MOST_COST or addresses > MOST_ADDRESSES:
            return True
    return False


def _list_cost(text: str) -> int:
    """Return the cost of a list of addresses: of each of them, and of what is neither address nor name."""
    if len(text) > MOST_ADDRESSES:
        return MOST_COST + 1
    sizes = [len(name) + len(email) + _AROUND for name, email in address.raw_pairs(text) if email.strip("@").count("@")]
    return sum(size**2 for size in sizes) + max(len(text) - sum(sizes), 0) ** 2
