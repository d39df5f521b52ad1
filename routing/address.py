"""E-mail addresses: the one place of this addon that parses, checks and writes them.

An address is in its *wire form* when it is plain ASCII with an IDNA domain in lower case (RFC 5321, RFC 5890);
its local part keeps its case (RFC 5321, section 2.4).
"""

import email.utils
import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses
from functools import lru_cache
from typing import NamedTuple

import idna

# Newer Pythons find nothing at all in a header that is not strictly legal, such as: kevin@a.com <kevin@a.com>
_LENIENT = {"strict": False} if getattr(email.utils, "supports_strict_parsing", False) else {}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What core's formataddr writes, and bare addresses: the standard library reads them the same, many times slower.
_USUAL = re.compile(r'(?:"([^"\\\x00-\x1f\x7f-\x9f\u2028\u2029]*)" <)?([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)(?(1)>)')
_ADDRESS_IN_NAME = re.compile(r"[<(\[\"']*[^\s<>()\[\]\"',;:@]+[@\uff20]\s?[^\s<>()\[\]\"',;:]*[>)\]\"']*")


# Each rung of a decision reads the same few headers. A batch of mails fits in, in a few megabytes at most.
_cached = lru_cache(maxsize=4096)


class BadAddress(ValueError):
    """A text is no single bare address.

    ``problem`` is ``control`` (line break or control character), ``at`` (not exactly one ``@``),
    ``local`` or ``domain`` (that part is empty or has characters no mail server takes).
    """

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


class Address(NamedTuple):
    """A display name, decoded and perhaps empty, and an address in its wire form."""

    name: str
    email: str

    def __str__(self):
        """Return the decoded header form: ``"Name" <a@b>``, or the bare address without a name."""
        if not self.name:
            return self.email
        quoted = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{self.email}>'


def check(text):
    """Return the bare address ``text`` in its wire form.

    >>> check("Kevin@Example.COM")
    'Kevin@example.com'
    >>> check("kevin@例子.cn")
    'kevin@xn--fsqu00a.cn'

    :raises BadAddress: where it is none
    """
    text = text or ""
    if _CONTROL.search(text):
        raise BadAddress("control")
    text = text.strip()
    if text.count("@") != 1:
        raise BadAddress("at")
    if not _LOCAL.fullmatch(local(text)) or len(local(text)) > 64:
        raise BadAddress("local")
    return f"{local(text)}@{wire_domain(domain(text))}"


def wire_domain(name):
    """Return a domain as it goes over the wire: IDNA, lower case.

    :raises BadAddress: where it is none
    """
    try:
        name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise BadAddress("domain") from error
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise BadAddress("domain")
    return name


@_cached
def find(text):
    """Return the bare address ``text`` in its wire form, or None where it is none (a login such as ``kevin``)."""
    try:
        return check(text)
    except BadAddress:
        return None


def local(email):
    """Return the local part of an address, the text before its last ``@``."""
    return email.rpartition("@")[0]


def domain(email):
    """Return the domain of an address, the text behind its last ``@``."""
    return email.rpartition("@")[2]


def same(one, other):
    """Tell whether two addresses reach the same mailbox; providers ignore the case of the local part."""
    return bool(one and other) and one.lower() == other.lower()


def parse(text):
    """Return the addresses of a From-like header (RFC 5322, section 3.4), those that no server would take left out.

    >>> parse('"Chen, Zhi" <zhi@a.com>, b@b.com')
    (Address(name='Chen, Zhi', email='zhi@a.com'), Address(name='', email='b@b.com'))
    """
    return _parse(str(text or ""))


@_cached
def _parse(text):
    """Return what :func:`parse` does, of a text that can be remembered."""
    usual = _USUAL.fullmatch(text)
    pairs = [usual.groups("")] if usual else getaddresses([_CONTROL.sub(" ", text)], **_LENIENT)
    return tuple(Address(decode(name), email) for name, raw in pairs if (email := find(raw)))


def first(text):
    """Return the first address of a From-like header, or an empty text."""
    entries = parse(text)
    return entries[0].email if entries else ""


def parse_name(text):
    """Return the display name of the first entry of a From-like header that may hold no address at all."""
    pairs = getaddresses([_CONTROL.sub(" ", str(text or ""))], **_LENIENT)
    return next((decode(name or raw) for name, raw in pairs if name or raw), "")


def decode(name):
    """Return a display name without its encoded words (RFC 2047); a broken one stays as it is."""
    if "=?" not in name:
        return name
    try:
        return str(make_header(decode_header(name)))
    except (LookupError, MessageError, ValueError):
        return name


def display_name(name):
    """Return a name that is safe in front of another mailbox's address: one line, and no address inside.

    Mail programs hide or flag a name that contains an address, because it reads like another sender.

    >>> display_name("Kevin (kevin@corp.com)")
    'Kevin'
    >>> display_name("kevin@corp.com")
    ''
    """
    name = _INVISIBLE.sub("", _CONTROL.sub(" ", name or ""))
    # an encoded word in the decoded name would be decoded once more on its way, whatever it holds
    name = name.replace("=?", "= ?")
    name = _ADDRESS_IN_NAME.sub(" ", name).replace("@", " ").replace("\uff20", " ")
    return " ".join(name.split()) if name.strip(" <>()[]\"',;:") else ""


def typed_domain(name):
    """Return a domain as a person types it, ``例子.cn`` for ``xn--fsqu00a.cn``; what is none stays as it is."""
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def wire_filter(text):
    """Return a FROM Filtering, an address or a domain, in its wire form and in lower case; what is neither stays."""
    text = (text or "").strip()
    try:
        return check(text).lower() if "@" in text else text and wire_domain(text)
    except BadAddress:
        return text
