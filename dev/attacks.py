"""What a hostile server sends in place of an answer: each is made of pieces, and ends when the client hangs up.

A pause between two pieces is a number of seconds.
"""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

Attack = Iterator[bytes | float]
BLOCK = 64 * 1024


def endless_line(start: bytes = b"") -> Attack:
    """Return a line without an end."""
    return chain([start], repeat(b"x" * BLOCK))


def endless_answer(line: bytes) -> Attack:
    """Return lines for ever."""
    return repeat((line + b"\r\n") * (BLOCK // (len(line) + 2)))


def drip(answer: bytes, pause: float) -> Attack:
    """Return a byte at a time, each after a pause."""
    return chain.from_iterable((pause, bytes([byte])) for byte in answer)


def lines(answer: list[bytes], pause: float) -> Attack:
    """Return a line at a time, each after a pause."""
    return chain.from_iterable((pause, line + b"\r\n") for line in answer)


def literal(size: int, data: bytes, hangs_up: bool = False) -> Attack:
    """Announce so many bytes of a message in IMAP, send others, and say nothing more."""
    begin = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % size
    return chain([begin, data], [] if hangs_up else repeat(1.0))


def silence() -> Attack:
    """Say nothing."""
    return repeat(1.0)


def carry_out(attack: Attack, send: Callable[[bytes], object], wait: Callable[[float], object]) -> None:
    """Send the pieces of an attack."""
    for piece in attack:
        if isinstance(piece, bytes):
            send(piece)
        else:
            wait(piece)
