"""Headers that fold legally (RFC 5322 section 2.2.3, RFC 2047).

CPython's own folding loses the quotes of a long or encoded display name, so that ``"A, Co." <a@b>`` becomes
two addresses on the wire. These headers read like any other of :class:`email.message.EmailMessage`, and write
each display name either quoted, if it fits the line, or as encoded words as a whole. In a header of ids, which
CPython would encode if they are long, each word stays as it is.
"""

import re
from email.header import Header
from email.headerregistry import Address, BaseHeader, Group, HeaderRegistry, UniqueAddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache

from .. import address

_LINE = 76
# Of a header as somebody else wrote it: the characters, and the comments in it. For some texts beyond that the
# standard library takes a time that grows with their square.
_LONGEST, _DEEPEST = 1_000, 100
# One mailbox as ``str(address.Address)`` writes most of them. The standard library reads it the same, and takes longer
# than for all else that a route does to a message.
_USUAL = re.compile(
    r'(?:"((?:[^\s"\\]+ )*[^\s"\\]+)" <)?([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)'
    r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?(1)>)"
)


class _LegallyFolded(UniqueAddressHeader):
    """An address header that writes itself; what is no usual mailbox, the standard library parses."""

    @classmethod
    def parse(cls, value, kwds):
        """Read one usual mailbox at once; an encoded word in a name has to be decoded, and is not usual."""
        usual = _USUAL.fullmatch(value)
        if not usual or "=?" in value or not value.isprintable():
            super().parse(value, kwds)
            return
        group = Group(None, [Address(*usual.groups(""))])
        kwds.update(groups=[group], decoded=str(group), parse_tree=None, defects=[])

    def fold(self, *, policy):
        """Return the header as ASCII lines of at most 78 characters wherever the addresses allow it."""
        prefix = f"{self.name}: "
        mailboxes = [_mailbox_lines(a.display_name, a.addr_spec, len(prefix)) for a in self.addresses]
        folded = ",\n ".join("\n ".join(lines) for lines in mailboxes)
        return (prefix + folded + "\n").replace("\n", policy.linesep)


class _WordsAsTheyAre(BaseHeader):
    """A header of ASCII words, each on a line of its own."""

    max_count = 1

    @staticmethod
    def parse(value, kwds):
        """Take the text as it is."""
        kwds.update(decoded=value, parse_tree=None)

    def fold(self, *, policy):
        """Return the header as lines, however long a word is."""
        return f"{self.name}: " + f"{policy.linesep} ".join(self.split()) + policy.linesep


_registry = HeaderRegistry(default_class=_WordsAsTheyAre, use_default_map=False)
for _name in ("from", "sender", "reply-to"):
    _registry.map_to_type(_name, _LegallyFolded)


@lru_cache(maxsize=1024)
def _parsed(name, text):
    """Return a header that reads and folds."""
    return _registry(name, text)


def _mailbox_lines(name, email, indent):
    """Return the lines of one mailbox; the first one follows ``indent`` characters."""
    if not name:
        return [email]
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if quoted.isascii() and "=?" not in quoted and indent + len(quoted) <= _LINE:
        name_lines = [quoted]
    else:
        name_lines = Header(name, "utf-8", maxlinelen=_LINE, header_name="x" * (indent - 2)).encode("\n").split("\n ")
    one_line = f"{name_lines[-1]} <{email}>"
    if len(one_line) <= _LINE - indent:
        return name_lines[:-1] + [one_line]
    return name_lines + [f"<{email}>"]


def _readable(text):
    """Return a text that the standard library parses in linear time, and not hundreds of comments deep.

    One of more than _LONGEST characters is written anew, with its names as long as :func:`~.address.decode` leaves
    them; without any address it is cut there.
    """
    if len(text) <= _LONGEST and text.count("(") <= _DEEPEST:
        return text
    return ", ".join(map(str, address.parse(text))) or text[:_LONGEST].replace("(", " ")


def set_address_header(message, name, text):
    """Replace the header ``name`` (From, Sender, Reply-To) of ``message`` by the decoded ``text``.

    :param email.message.Message message: as ``ir.mail_server.build_email`` makes it, or of the older kind
    :param str text: addresses in decoded form, as ``str(Address)`` gives them
    """
    header = _parsed(name, _readable(text))
    if not isinstance(message, EmailMessage):
        # the older kind would encode the address together with the name
        header = header.fold(policy=SMTP).partition(": ")[2].replace("\r\n", "")
    del message[name]
    message[name] = header


def set_words_header(message, name, text):
    """Replace the header ``name`` of ``message`` by words that are not encoded, such as message ids, if they are ASCII.

    :param email.message.Message message: as ``ir.mail_server.build_email`` makes it, or of the older kind
    """
    del message[name]
    message[name] = _registry(name, text) if text.isascii() else text
