"""Headers that fold legally (RFC 5322 section 2.2.3, RFC 2047).

CPython's own folding loses the quotes of a long or encoded display name, so that ``"A, Co." <a@b>`` becomes
two addresses on the wire. These headers read like any other of :class:`email.message.EmailMessage`, and write
each display name either quoted, where it fits the line, or as encoded words as a whole. Of a header of ids, which
CPython would encode where they are long, each word stays as it is.
"""

from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UniqueAddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache

from .. import address

_LINE = 76
# Of a header as somebody else wrote it: the characters, and the comments in it. For some texts beyond that the
# standard library takes a time that grows with their square.
_LONGEST, _DEEPEST = 1_000, 100


class _LegallyFolded(UniqueAddressHeader):
    """An address header that writes itself; parsing stays the standard library's."""

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
    """Return a header that reads and folds; parsing it takes longer than all else a route does to a message."""
    return _registry(name, text)


def _mailbox_lines(name, email, indent):
    """Return one mailbox as the lines it takes, the first of them to stand behind ``indent`` characters."""
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
