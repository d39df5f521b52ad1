"""The name server itself: UDP, and TCP for drips, in threads; dnspython reads and writes the messages."""

import socketserver
import threading
import time
from contextlib import suppress

from ..attacks import carry_out, drip

# Seconds between two bytes of a drip.
PAUSE = 0.3


class DnsServer:
    """Answers from ``records`` for as long as its ``with`` block lasts; what is not in it does not exist.

    :param records: texts as in a zone file by name and kind, e.g.
        ``{("b.cn", "MX"): ["10 mx.b.cn."], ("b.cn", "TXT"): ['"v=spf1 -all"']}``; they may change at any time
    :param silent: names that get no answer
    :param broken: names that get SERVFAIL
    :param dripping: names of which the answer comes by TCP only, a byte at a time
    :param before: called with a name and a kind before each answer
    """

    def __init__(self, records=None, silent=(), broken=(), dripping=(), before=lambda _name, _kind: None):
        self.records = dict(records or {})
        self.silent = set(silent)
        self.broken = set(broken)
        self.dripping = set(dripping)
        self.before = before
        # How many drips came to their end.
        self.ended = 0
        # (name, kind) of each question
        self.asked: list[tuple[str, str]] = []
        self._listener = _Listener(("127.0.0.1", 0), _Handler)
        self._tcp_listener = _TcpListener(self._listener.server_address, _TcpHandler)
        self._listener.owner = self._tcp_listener.owner = self

    @property
    def address(self) -> str:
        """Return where it listens, as ``Resolver`` wants it."""
        return "{}:{}".format(*self._listener.server_address)

    def __enter__(self) -> "DnsServer":
        for listener in (self._listener, self._tcp_listener):
            # polls often for the end, because tests start and stop many servers
            threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc_info) -> None:
        for listener in (self._listener, self._tcp_listener):
            listener.shutdown()
            listener.server_close()

    def answer(self, wire: bytes, by_tcp: bool = False) -> bytes | None:
        """Return the answer to one message, None for silence."""
        import dns.flags
        import dns.message
        import dns.rcode
        import dns.rdatatype
        import dns.rrset

        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        self.before(name, kind)
        if name in self.silent:
            return None
        response = dns.message.make_response(query, recursion_available=True)
        if name in self.dripping and not by_tcp:
            response.flags |= dns.flags.TC
            return response.to_wire()
        if name in self.broken:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif texts := self.records.get((name, kind)):
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, texts))
        elif name not in {known for known, _kind in self.records}:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Answer one datagram."""
        wire, client = self.request
        answer = self.server.owner.answer(wire)
        if answer:
            client.sendto(answer, self.client_address)


class _TcpHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Answer one question, a byte at a time."""
        answer = self.server.owner.answer(self.rfile.read(int.from_bytes(self.rfile.read(2), "big")), by_tcp=True)
        with suppress(OSError):
            carry_out(drip(len(answer).to_bytes(2, "big") + answer, PAUSE), self.wfile.write, time.sleep)
            self.server.owner.ended += 1


class _Listener(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False


class _TcpListener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
