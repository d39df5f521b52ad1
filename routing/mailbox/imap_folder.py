"""Names of IMAP folders: modified UTF-7 (RFC 3501, 5.1.3) and quoting."""

import binascii
import re

# Printable ASCII stands for itself, except the ampersand, which begins an encoded run.
RUN = re.compile(r"&|[^\x20-\x7e]+")
ENCODED = re.compile(r"&([A-Za-z0-9+,]*)-")
# One line of a LIST response: flags, the separator, the name.
LISTED = re.compile(rb'^\((?P<flags>[^)]*)\) (?:"[^"]*"|\S+) (?P<name>.+)$')


def encode(name: str) -> str:
    """Return a folder's name as IMAP writes it on the wire.

    >>> encode("订单 & more")
    '&i6JTVQ- &- more'
    """
    return RUN.sub(lambda run: "&-" if run[0] == "&" else f"&{_base64(run[0])}-", name)


def decode(wire: str) -> str:
    """Return the name that people see; text that is not modified UTF-7 stays as it is.

    >>> decode("&i6JTVQ- &- more")
    '订单 & more'
    """
    try:
        return ENCODED.sub(lambda run: _text(run[1]) if run[1] else "&", wire)
    except (binascii.Error, UnicodeDecodeError):
        return wire


def quoted(name: str) -> str:
    """Return a folder's name as an argument of an IMAP command."""
    escaped = encode(name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def listed(lines: list) -> list[str]:
    """Return the names in a LIST response of folders that can be opened; names sent as literals come as tuples."""
    names = []
    for line in lines:
        if isinstance(line, tuple):
            line = re.sub(rb"\{\d+\}$", b"", line[0]) + line[1]
        found = LISTED.match(line or b"")
        if found and b"\\noselect" not in found["flags"].lower():
            names.append(decode(_unquoted(found["name"].decode("utf-8", "replace"))))
    return names


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _base64(text: str) -> str:
    packed = binascii.b2a_base64(text.encode("utf-16-be"), newline=False).decode()
    return packed.rstrip("=").replace("/", ",")


def _text(run: str) -> str:
    packed = run.replace(",", "/") + "=" * (-len(run) % 4)
    return binascii.a2b_base64(packed).decode("utf-16-be")
