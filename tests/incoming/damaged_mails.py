"""Mails as no program should send them, some made by hand, some by Hypothesis; the same each time."""

import base64
import email
import email.policy

from ...routing.mailbox import raw_mail
from ..optional import need


def head(name, to="desk@test.com", **headers):
    """Return the headers of a mail that has nothing wrong with it yet."""
    values = {
        "From": f"{name}@elsewhere.example",
        "To": to,
        "Subject": name,
        "Message-Id": f"<{name}@elsewhere.example>",
        "Date": "Mon, 5 Jan 2026 08:00:00 +0800",
        "MIME-Version": "1.0",
        **headers,
    }
    return "".join(f"{key}: {value}\r\n" for key, value in values.items() if value is not None).encode()


def mail(name, body=b"Hello\r\n", **headers):
    """Return a mail; a header that is None is left out."""
    headers = {key.replace("_", "-"): value for key, value in headers.items()}
    return head(name, **{"Content-Type": "text/plain; charset=utf-8", **headers}) + b"\r\n" + body


def nested(name, depth):
    """Return a mail with multiparts in multiparts."""
    lines, ends = [], []
    for level in range(depth):
        lines.append(f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n')
        ends.append(f"\r\n--b{level}--\r\n")
    middle = "Content-Type: text/plain\r\n\r\nHello"
    return head(name) + "".join([*lines, middle, *reversed(ends)]).encode()


def attachment(name, filename, data=b"data", encoding="base64"):
    """Return a mail with one attachment."""
    return (
        head(name, **{"Content-Type": 'multipart/mixed; boundary="b"'})
        + b"\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        + b"Content-Transfer-Encoding: %s\r\n" % encoding.encode()
        + b'Content-Disposition: attachment; filename="%s"\r\n\r\n' % filename
        + (base64.b64encode(data) if encoding == "base64" else data)
        + b"\r\n--b--\r\n"
    )


# Each takes a name that no other mail has.
BY_HAND = {
    "no-id": lambda name: mail(name, Message_Id=None),
    "empty-id": lambda name: mail(name, Message_Id=""),
    "damaged-id": lambda name: mail(name, Message_Id=f"<order {name}@a.example>"),
    "two-froms": lambda name: b"From: other@a.example\r\n" + mail(name),
    "no-from": lambda name: mail(name, From=None),
    "empty-from": lambda name: mail(name, From="<>"),
    "no-to": lambda name: mail(name, To=None),
    "bad-base64": lambda name: mail(name, b"!!!SGVs*bG8=\xff==A", Content_Transfer_Encoding="base64"),
    "wrong-charset": lambda name: mail(name, "订单".encode(), Content_Type="text/plain; charset=us-ascii"),
    "no-such-charset": lambda name: mail(name, b"\xb6\xa9", Content_Type="text/plain; charset=x-none"),
    "charset-of-nuls": lambda name: mail(name, b"a", Content_Type='text/plain; charset="\0"'),
    "huge-header": lambda name: mail(name, X_Junk="x" * 10_000_000),
    "huge-subject": lambda name: mail(name, Subject="=?utf-8?q?a?= " * 700_000),
    "nul-in-body": lambda name: mail(name, b"a\0b"),
    "nul-in-html": lambda name: mail(name, b"<p>a\0b</p>", Content_Type="text/html"),
    "nul-in-subject": lambda name: mail(name, Subject=f"{name} \0"),
    "nul-in-from": lambda name: mail(name, From=f"\0{name}@elsewhere.example"),
    "nested-50": lambda name: nested(name, 50),
    "nested-3000": lambda name: nested(name, 3000),
    "8-bit-headers": lambda name: mail(name).replace(b"Subject: ", "Subject: 订单 ".encode("gb18030")),
    "8-bit-from": lambda name: mail(name).replace(b"From: ", "From: 订单 ".encode("gb18030")),
    "8-bit-to": lambda name: mail(name).replace(b"To: ", "To: 订单 ".encode("gb18030")),
    "no-boundary": lambda name: mail(name, Content_Type="multipart/mixed"),
    "open-boundary": lambda name: mail(name, b"--b\r\n\r\nHello", Content_Type='multipart/mixed; boundary="b"'),
    "strange-type": lambda name: mail(name, Content_Type="text/ /; ;=\xa0"),
    "strange-encoding": lambda name: mail(name, Content_Transfer_Encoding="x-uuencode"),
    "strange-date": lambda name: mail(name, Date="Mon, 99 Foo 99999 99:99:99 +9999"),
    "far-date": lambda name: mail(name, Date="Mon, 1 Jan 0001 00:00:00 +1400"),
    "nul-filename": lambda name: attachment(name, b"a\0b.txt"),
    "path-filename": lambda name: attachment(name, b"../../etc/passwd"),
    "long-filename": lambda name: attachment(name, b"x" * 5000),
    "8-bit-filename": lambda name: attachment(name, "订单.txt".encode("gb18030")),
    "no-such-encoding": lambda name: attachment(name, b"a.txt", b"\xff\0", "x-none"),
    "mail-in-mail": lambda name: mail(name, b"From: x\r\n\r\n\xff", Content_Type="message/rfc822"),
    "bare-returns": lambda name: mail(name).replace(b"\r\n", b"\r"),
    "no-headers": lambda name: b"\r\n" + name.encode(),
    "one-word": lambda name: name.encode(),
}


def by_hand(count):
    """Return so many mails, each kind in turn; of the slow ones no more than one."""
    kinds = list(BY_HAND)
    mails = [BY_HAND[kind](f"hand-{kind}") for kind in kinds]
    quick = [kind for kind in kinds if "huge" not in kind and "3000" not in kind]
    return mails + [
        BY_HAND[quick[number % len(quick)]](f"hand-{number}-{quick[number % len(quick)]}")
        for number in range(count - len(mails))
    ]


def generated(count):
    """Return so many mails, each with some bytes replaced, taken away or put in."""
    hypothesis = need("hypothesis")
    st = hypothesis.strategies
    found = {}
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40))

    @hypothesis.seed(16)
    @hypothesis.settings(
        max_examples=3 * count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(st.sampled_from(sorted(BY_HAND)), st.lists(change, min_size=1, max_size=4))
    def draw(kind, changes):
        if len(found) == count or "huge" in kind or "3000" in kind:
            return
        raw = BY_HAND[kind](f"drawn-{len(found)}")
        for place, length, data in changes:
            at = int(place * len(raw))
            raw = raw[:at] + data + raw[at + length :]
        # what tells it from the others must not be what was damaged
        if own_id(raw) not in found:
            found[own_id(raw)] = raw

    draw()
    assert len(found) == count, len(found)
    return list(found.values())


def own_id(raw):
    """Return the Message-Id by which Odoo knows a mail."""
    try:
        head = email.message_from_bytes(raw_mail.with_message_id(raw), policy=email.policy.SMTP)
        return head["Message-Id"].strip()
    except Exception:
        return raw_mail.checksum(raw)
