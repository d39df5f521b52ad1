"""A milter that checks the header From, as Tencent and others do: it has to name the login's own address.

By hand: pymilter wants libmilter's headers and a compiler, purepythonmilter is an alpha of 2023, miltertest says
itself that there are better options. The protocol: a length of four bytes, a letter, and data.
"""

import email
import email.policy
import struct

from ..strict_server.wording import Account, refuse_header

LENGTH = struct.Struct("!I")
NEGOTIATION = struct.Struct("!III")
# Not wanted: connect, HELO, recipients, body, end of headers, unknown commands, DATA (SMFIP_NO...); no answer to a
# header (SMFIP_NR_HDR).
LEFT_OUT = 0x01 | 0x02 | 0x08 | 0x10 | 0x40 | 0x100 | 0x200 | 0x80
CONTINUE, ACCEPT, REPLY, NEGOTIATE = b"c", b"a", b"y", b"O"


def converse(reader, writer) -> None:
    """Judge the mails of one SMTP session."""
    login, headers = "", b""
    for command, data in commands(reader):
        if command == b"O":
            version = min(NEGOTIATION.unpack_from(data)[0], 6)
            send(writer, NEGOTIATE, NEGOTIATION.pack(version, 0, LEFT_OUT))
        elif command == b"D":
            login = macros(data).get("{auth_authen}", login)
        elif command == b"M":
            headers = b""
            send(writer, CONTINUE)
        elif command == b"L":
            name, value, _end = data.split(b"\0", 2)
            headers += name + b": " + value.strip() + b"\n"
        elif command == b"E":
            refusal = judge(login, headers)
            send(writer, REPLY if refusal else ACCEPT, f"{refusal}\0".encode() if refusal else b"")
        elif command in (b"Q", b"K"):
            return


def commands(reader):
    """Yield each command with its data."""
    while head := reader.read(LENGTH.size):
        packet = reader.read(LENGTH.unpack(head)[0])
        yield packet[:1], packet[1:]


def send(writer, answer: bytes, data: bytes = b"") -> None:
    """Write one answer."""
    writer.write(LENGTH.pack(len(data) + 1) + answer + data)


def macros(data: bytes) -> dict[str, str]:
    """Return the values that Postfix says come with the next command, by their names."""
    words = data[1:].decode("utf-8", "replace").split("\0")
    return dict(zip(words[::2], words[1::2], strict=False))


def judge(login: str, headers: bytes) -> str:
    """Return the SMTP answer to a header From that is not the login's; "" to one that is, or to nobody's login."""
    message = email.message_from_bytes(headers + b"\n", policy=email.policy.SMTP)
    return refuse_header(Account(login, wording="header"), message) if login else ""
