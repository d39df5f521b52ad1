"""The headers of a message as it went over the wire."""

import email
import email.policy

NAMES = ("From", "Sender", "Reply-To", "To", "Subject", "Message-Id")
_END = b"\r\n\r\n"


def wire_headers(message):
    """Return the headers of NAMES, unfolded and as they were encoded, an empty text for one that is not there.

    :param bytes message: what smtplib was given; its body is not looked at
    """
    end = message.find(_END)
    head = email.message_from_bytes(message[: end if end > 0 else None], policy=email.policy.compat32)
    return {name: str(head[name] or "").replace("\r\n", "").replace("\n", "") for name in NAMES}
