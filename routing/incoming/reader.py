"""Read an incoming mail, however damaged it is, without ever raising.

The standard library raises on some damaged headers, and on an unknown charset. So headers are read as they came over
the wire, and a text by the charset that fits.
"""

import html
import re
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header

from .. import address

# More than any report or reply needs; the rest of a hostile mail is not read.
MAX_PARTS = 100
MAX_TEXT = 100_000
MAX_HEADER = 20_000
# Where providers write the address that they delivered a mail to.
ENVELOPE_HEADERS = ("Delivered-To", "X-Original-To", "X-Envelope-To")
RECIPIENT_HEADERS = (*ENVELOPE_HEADERS, "To", "Cc")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:+-]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"<(style|script|title)\b", re.IGNORECASE)
_LINE_END = re.compile(r"<(br|/p|/div|/tr|/li|/h\d|/table)\b[^>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(r"<[!/?]?[A-Za-z-][^<>]{0,5000}>")
# Python refuses to read a number of thousands of digits.
_ENDLESS_NUMBER = re.compile(r"&#(?:[0-9]{20,}|[xX][0-9A-Fa-f]{20,});?")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}@[^<>\s]{1,500}>")


def header(part, name):
    """Return the first header of this name, decoded and on one line, or an empty text."""
    return next(iter(headers(part, name)), "")


def headers(part, name):
    """Return all headers of this name, decoded, each on one line."""
    # unfolded before decoding, because a folded header has one encoded word on each line
    return [decoded(text) for text in _unfolded(part, name)]


def _unfolded(part, name):
    """Return all headers of this name as they were sent, each on one line; 8-bit text is UTF-8 or Chinese."""
    raw = (str(value)[:MAX_HEADER] for key, value in part.raw_items() if key.lower() == name.lower())
    return [" ".join(_decode(text.encode("utf-8", "surrogateescape"), "").split()) for text in raw]


def decoded(text):
    """Return a text with its encoded words decoded (RFC 2047), even if one names the wrong charset.

    >>> decoded("=?gb2312?b?tqm1pQ==?= 7")
    '订单 7'
    """
    if "=?" not in text:
        return text
    with suppress(MessageError, ValueError):
        return "".join(_piece(*piece) for piece in decode_header(text))
    return text


def _piece(piece, charset):
    """Return one piece of a header as text; only encoded words have a charset."""
    if isinstance(piece, str):
        return piece
    return _decode(piece, charset) if charset else piece.decode("raw-unicode-escape")


def content_type(part):
    """Return the content type of a part in lower case; ``text/plain`` if it has none (RFC 2045, section 5.2)."""
    match = _TYPE.match(header(part, "Content-Type"))
    return match[1].lower() if match else "text/plain"


def parts(message):
    """Return the parts that are not containers, without those of an enclosed message, which is another mail.

    A container whose boundary is wrong has no parts: it is one itself.
    """
    found, waiting = [], [message]
    while waiting and len(found) < MAX_PARTS:
        part = waiting.pop(0)
        if content_type(part).startswith("multipart/") and enclosed(part):
            waiting = [*enclosed(part), *waiting][:MAX_PARTS]
        else:
            found.append(part)
    return found


def is_broken(part):
    """Tell whether a part is a container that contains nothing, as its boundary is wrong: all of it is its text."""
    return content_type(part).startswith("multipart/") and not enclosed(part)


def enclosed(part):
    """Return the messages in a part: the parts of a container, or the mail that it encloses."""
    return part.get_payload()[:MAX_PARTS] if part.is_multipart() else []


def text(part):
    """Return the text of a part as a person reads it, cut to MAX_TEXT."""
    data = b"" if part.is_multipart() else _content(part)
    charset = _CHARSET.search(header(part, "Content-Type"))
    found = _decode(data[:MAX_TEXT], charset[1] if charset else "")
    return _visible(found) if content_type(part) == "text/html" else found


def _content(part):
    """Return the bytes of a part."""
    try:
        return part.get_payload(decode=True) or b""
    except Exception:
        # the parser of the standard library raises errors of any kind on a broken Content-Transfer-Encoding
        return b""


def _decode(data, charset):
    """Decode bytes by the charset that a part names, else as UTF-8, else as Chinese (GB 18030)."""
    # mail programs give the names of the smaller Chinese charsets to text in the larger one
    charset = "gb18030" if charset.lower() in ("gb2312", "gbk", "x-gbk") else charset
    for codec in (charset, "utf-8", "gb18030"):
        try:
            if not (codec and address.is_slow(codec)):
                return data.decode(codec or "ascii")
        except (LookupError, UnicodeError):
            continue
    return data.decode("utf-8", "replace")


def _visible(text):
    """Return the text that HTML shows."""
    text = _LINE_END.sub("\n", "".join(_visible_pieces(text)))
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", _TAG.sub(" ", text)))


def _visible_pieces(text):
    """Yield HTML without the elements that show nothing; one that is never closed counts as text."""
    place, endless = 0, set()
    for match in _INVISIBLE.finditer(text):
        name = match[1].lower()
        if match.start() >= place and name not in endless:
            end = re.compile(f"</{name}", re.IGNORECASE).search(text, match.end())
            if end:
                yield text[place : match.start()]
                place = end.start()
            else:
                endless.add(name)
    yield text[place:]


def message_ids(text):
    """Return the message ids in a text or header, in order (RFC 5322, section 3.6.4).

    >>> message_ids("<1@a.com> <2@b.com>")
    ['<1@a.com>', '<2@b.com>']
    """
    return _MESSAGE_ID.findall(text)


def recipients(message):
    """Return pairs of a header's name and an address: first whom a mail was delivered to, then To and Cc.

    They are kept on the message, because several steps ask for them.
    """
    if not hasattr(message, "mail_company_routing_recipients"):
        message.mail_company_routing_recipients = tuple(
            (name, entry.email)
            for name in RECIPIENT_HEADERS
            for text in _unfolded(message, name)
            # some programs encode name and address together
            for entry in address.parse(text) or address.parse(decoded(text))
        )
    return message.mail_company_routing_recipients


def replace_recipients(message, recipients):
    """Replace the recipients of a message for all later steps."""
    message.mail_company_routing_recipients = tuple(recipients)
