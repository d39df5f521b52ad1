"""A token in a sub-address (RFC 5233) that leads a reply to the message it answers: box+token@example.com.

It is the message's number and a part of a signature over it, in letters and digits whose case does not matter,
because some mail programs and servers write an address in lower case.
"""

import base64
import hmac
import re

# 80 bits of the signature: guessing one of them over the network is hopeless, and the address stays short.
_SIGNATURE = 16
_TOKEN = re.compile(rf"([a-z2-7]{{1,13}}?)([a-z2-7]{{{_SIGNATURE}}})")
_ATOM = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~.-"
# An address in a text; it begins only at the start of a run of its characters, so that each run is read once.
_WRITTEN = re.compile(rf"(?<![{_ATOM}])[{_ATOM}]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
# RFC 5321, section 4.5.3.1.1
_LONGEST_LOCAL = 64


def make_token(number, signature):
    """Return the token of a message.

    :param int number: the id of the message, positive
    :param str signature: the whole signature of the id, in hexadecimal digits
    """
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return digits + _sign(signature)


def read_number(token):
    """Return the number that a token claims, or None if the text is not a token."""
    match = _TOKEN.fullmatch(token.lower())
    if not match:
        return None
    number = 0
    for digit in match[1]:
        number = number * 32 + _DIGITS.index(digit)
    return number


def is_genuine(token, signature):
    """Tell, in constant time, whether a token was made with this signature of its number."""
    return hmac.compare_digest(token.lower()[-_SIGNATURE:].encode(), _sign(signature).encode())


def _sign(signature):
    """Return the part of a signature that is in the token."""
    return base64.b32encode(bytes.fromhex(signature))[:_SIGNATURE].decode().lower()


def add_token(email, token):
    """Return the sub-address of a mailbox with a token, or the mailbox itself if there is no room for it."""
    local, _at, domain = email.rpartition("@")
    tagged = f"{local}+{token}"
    return f"{tagged}@{domain}" if token and "+" not in local and len(tagged) <= _LONGEST_LOCAL else email


def split_token(email):
    """Return the mailbox and the token of a sub-address; for any other address, itself and an empty text.

    >>> split_token("box+abcdefghijklmnopqrs@a.com")
    ('box@a.com', 'abcdefghijklmnopqrs')
    """
    local, _at, domain = email.rpartition("@")
    box, plus, token = local.rpartition("+")
    if plus and box and read_number(token) is not None:
        return f"{box}@{domain}", token
    return email, ""


def without_tokens(text, boxes):
    """Return a To-like text with mailboxes in place of their sub-addresses, read once however many these are.

    :param dict boxes: mailboxes by sub-address in lower case

    >>> without_tokens("Sales <Box+abc@a.com>", {"box+abc@a.com": "box@a.com"})
    'Sales <box@a.com>'
    """
    return _WRITTEN.sub(lambda found: boxes.get(found[0].lower(), found[0]), text)
