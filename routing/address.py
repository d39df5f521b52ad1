"""E-mail addresses: the one place of this addon that parses, checks and writes them.

An address is in its *wire form* when it is plain ASCII with an IDNA domain in lower case (RFC 5321, RFC 5890);
its local part keeps its case (RFC 5321, section 2.4).

What strangers write may be of any length. What takes more than linear time only reads a text that was cut, or that
is short enough for what it should be.
"""

import codecs
import email.utils
import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import idna

# Newer Pythons find nothing at all in a header that is not strictly legal, such as: kevin@a.com <kevin@a.com>
_LENIENT = {"strict": False} if getattr(email.utils, "supports_strict_parsing", False) else {}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# UTS 46 reads the Chinese and the wide full stops as dots.
_DOT = re.compile("[.\u3002\uff0e\uff61]")
# A local part may be quoted; without its quotes it is the same (RFC 5321, section 4.1.2).
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# The forms that core's formataddr writes, and bare addresses. The standard library reads them many times slower.
_USUAL = re.compile(r'(?:"([^"\\\x00-\x1f\x7f-\x9f\u2028\u2029]*)" <)?([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)(?(1)>)')
# An address (the group) with the brackets or quotes around it. It also matches all other words: each is read once.
_WORD_IN_NAME = re.compile(
    r"[<(\[\"']*(?:([^\s<>()\[\]\"',;:@]+[@\uff20]\s?[^\s<>()\[\]\"',;:]*[>)\]\"']*)|[^\s<>()\[\]\"',;:@]+)"
    r"|[<(\[\"']+"
)
# An encoded word (RFC 2047), and the space between it and the next one.
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?[^?]*\?=(?:\s+(?==\?))?", re.IGNORECASE)
# Between what could be addresses, wherever they stand.
_SEPARATORS = re.compile(r"[\s<>()\[\]\"',;:]+")
_QUOTED_BEFORE_AT = re.compile(r'"([^"\s]{1,64})"(?=@)')
# A colon, or a quoted text (the group). It never fails: a quote that is not closed goes on to the end.
_COLON = re.compile(r'("(?:[^"\\]|\\.?)*"?)|:', re.DOTALL)

# RFC 5321, section 4.5.3.1.2, and RFC 1035, section 2.3.4
_LONGEST_DOMAIN, _LONGEST_LABEL = 253, 63
# Characters of a name in front of an address that is not its owner's. A longer text only fills the reader's screen.
LONGEST_NAME = 500
# Characters of a name as the header has it, where one character may take nine.
LONGEST_RAW_NAME = 20_000
# Characters of a header that names a group of addresses, read as such.
LONGEST_GROUP = 5_000
# For these, Python's time grows with the square of the text; no mail program writes them.
_SLOW_CHARSETS = {"idna", "punycode"}

# Each rung of a decision reads the same few headers. A batch of mails fits in, in a few megabytes at most. Of longer
# texts, which strangers write, only those of the mail in hand are kept.
_LONGEST_CACHED = 1_000
_cached = lru_cache(maxsize=4096)


class BadAddress(ValueError):
    """The text is not one single bare address.

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
    >>> check('"kevin"@example.com.')
    'kevin@example.com'

    :raises BadAddress: if it is not an address
    """
    text = text or ""
    if _CONTROL.search(text):
        raise BadAddress("control")
    text = text.strip()
    if text.count("@") != 1:
        raise BadAddress("at")
    quoted = _QUOTED_LOCAL.fullmatch(local(text))
    mailbox = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else local(text)
    if len(mailbox) > 64 or not _LOCAL.fullmatch(mailbox):
        raise BadAddress("local")
    return f"{mailbox}@{wire_domain(domain(text))}"


def wire_domain(name):
    """Return a domain as it goes over the wire: IDNA, lower case, without the dot that may end a name of the DNS.

    A name or label that is too long in Unicode is not encoded first: some letters make that take forever.

    :raises BadAddress: if it is not a domain
    """
    name = name[:-1] if _DOT.fullmatch(name[-1:]) else name
    if len(name) > _LONGEST_DOMAIN or max(map(len, _DOT.split(name))) > _LONGEST_LABEL:
        raise BadAddress("domain")
    try:
        name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise BadAddress("domain") from error
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise BadAddress("domain")
    return name


def find(text):
    """Return the bare address ``text`` in its wire form, or None if it is none (a login such as ``kevin``)."""
    return _find(text) if len(text or "") <= _LONGEST_CACHED else None


@_cached
def _find(text):
    """Return what :func:`find` returns; no address is longer than what the cache keeps."""
    try:
        return check(text)
    except BadAddress:
        return None


def local(email):
    """Return the local part of an address, the text before its last ``@``."""
    return email.rpartition("@")[0]


def domain(email):
    """Return the domain of an address, the text after its last ``@``."""
    return email.rpartition("@")[2]


def same(one, other):
    """Tell whether two addresses reach the same mailbox, as a mail server reads them.

    Providers ignore the case of the local part.
    """
    return bool(one and other) and key(one) == key(other)


def key(email):
    """Return what is equal for all spellings of one address."""
    return (find(email) or email).lower()


def mentioned(text):
    """Return all addresses, in lower case, that a mail program or a person could read in a From-like header.

    Also those in names and comments, and what encoded words say.

    >>> sorted(mentioned('=?utf-8?q?ceo=40a=2Ecom?= <alice@A.com>'))
    ['alice@a.com', 'ceo@a.com']
    """
    text = str(text or "")
    found = {entry.email.lower() for entry in parse(text)}
    for shown in {text, _ENCODED_WORD.sub(lambda word: decode(word[0].rstrip()), text)}:
        shown = _INVISIBLE.sub("", shown).replace("\uff20", "@").replace('\\"', '"')
        words = _SEPARATORS.split(_QUOTED_BEFORE_AT.sub(r"\1", shown))
        for parts in (word.split("@") for word in words if "@" in word):
            found.update(key(f"{mailbox}@{name}") for mailbox, name in pairwise(parts) if find(f"{mailbox}@{name}"))
    return found


def parse(text):
    """Return the addresses of a From-like header (RFC 5322, section 3.4), without those that no server would accept.

    Returns any number of them, with whole names, see :func:`decode`. A text with comments hundreds of levels deep has
    none.

    >>> parse('"Chen, Zhi" <zhi@a.com>, b@b.com')
    (Address(name='Chen, Zhi', email='zhi@a.com'), Address(name='', email='b@b.com'))
    """
    text = str(text or "")
    return _parse(text) if len(text) <= _LONGEST_CACHED else _parse_long(text)


@_cached
def _parse(text):
    """Return what :func:`parse` returns; a text can be a key of the cache."""
    usual = _USUAL.fullmatch(text)
    pairs = [usual.groups("")] if usual else raw_pairs(text)
    return tuple(Address(decode(name), email) for name, raw in pairs if (email := find(raw)))


_parse_long = lru_cache(maxsize=16)(_parse.__wrapped__)


def raw_pairs(text):
    """Return pairs of a name and an address as the standard library reads them.

    Its time grows with the square of the number of members of a group (``Sales: a@b.com, ...;``). So in a text of
    more than LONGEST_GROUP characters, a colon outside quotes becomes a comma, which gives the same addresses.
    """
    text = _CONTROL.sub(" ", text)
    if len(text) > LONGEST_GROUP:
        text = _COLON.sub(lambda found: found[1] or ",", text)
    try:
        return getaddresses([text], **_LENIENT)
    except RecursionError:
        return []


def in_wire_form(text):
    """Return a From-like header in which each address is ASCII; one that has only such addresses stays as it is.

    >>> in_wire_form('"Zhi" <zhi@例子.cn>')
    '"Zhi" <zhi@xn--fsqu00a.cn>'
    """
    if text.isascii() or _USUAL.fullmatch(text):
        return text
    is_wire = all(raw.isascii() or not find(raw) for _name, raw in raw_pairs(text))
    return text if is_wire else ", ".join(map(str, parse(text)))


def first(text):
    """Return the first address of a From-like header, or an empty text."""
    entries = parse(text)
    return entries[0].email if entries else ""


def parse_name(text):
    """Return the display name of the first entry of a From-like header, even if it has no address.

    Cuts the text after LONGEST_RAW_NAME characters.
    """
    pairs = raw_pairs(str(text or "")[:LONGEST_RAW_NAME])
    return next((decode(name or raw) for name, raw in pairs if name or raw), "")


def decode(name):
    """Return a display name without its encoded words (RFC 2047); a broken one stays as it is.

    It is cut after LONGEST_RAW_NAME characters: the standard library decodes, parses and folds one of hundreds of kB
    in more than linear time.
    """
    name = name[:LONGEST_RAW_NAME]
    if "=?" not in name:
        return name
    try:
        pieces = decode_header(name)
        return name if any(charset and is_slow(charset) for _text, charset in pieces) else str(make_header(pieces))
    except (LookupError, MessageError, ValueError):
        return name


def is_slow(charset):
    """Tell whether a charset takes long to decode; raises LookupError if there is none of this name."""
    return codecs.lookup(charset).name in _SLOW_CHARSETS


def display_name(name):
    """Return a name that is safe in front of another mailbox's address: one line, and no address inside.

    Mail programs hide or flag a name that contains an address, because it reads like another sender. It is cut after
    LONGEST_NAME characters.

    >>> display_name("Kevin (kevin@corp.com)")
    'Kevin'
    >>> display_name("kevin@corp.com")
    ''
    """
    name = _INVISIBLE.sub("", _CONTROL.sub(" ", (name or "")[:LONGEST_NAME]))
    # a mail program would decode an encoded word in the decoded name once more, whatever it holds
    name = name.replace("=?", "= ?")
    name = _WORD_IN_NAME.sub(lambda word: " " if word[1] else word[0], name).replace("@", " ").replace("\uff20", " ")
    return " ".join(name.split())[:LONGEST_NAME].strip() if name.strip(" <>()[]\"',;:") else ""


def has_safe_names(text):
    """Tell whether no name in a From-like header has an address inside, or could be decoded once more."""
    text = str(text or "")
    if len(text) > LONGEST_RAW_NAME:
        return False
    if text.count("@") == 1 and "=?" not in text and _USUAL.fullmatch(text):
        return True
    return not any("@" in entry.name or "\uff20" in entry.name or "=?" in entry.name for entry in parse(text))


def typed_domain(name):
    """Return a domain as a person types it, ``例子.cn`` for ``xn--fsqu00a.cn``; anything else stays as it is."""
    try:
        return idna.decode(name) if len(name) <= _LONGEST_DOMAIN else name
    except (idna.IDNAError, UnicodeError):
        return name


def wire_filter(text):
    """Return a FROM Filtering, an address or a domain, in its wire form and in lower case; anything else stays."""
    text = (text or "").strip()
    try:
        return check(text).lower() if "@" in text else text and wire_domain(text)
    except BadAddress:
        return text
