"""The name server itself: UDP, in a thread of its own; dnspython reads and writes the messages."""

import socketserver
import threading


class DnsServer:
    """Answers from ``records`` for as long as its ``with`` block lasts; what is not in it does not exist.

    :param records: texts as in a zone file by name and kind, e.g.
        ``{("b.cn", "MX"): ["10 mx.b.cn."], ("b.cn", "TXT"): ['"v=spf1 -all"']}``; they may change at any time
    :param silent: names that get no answer
    :param broken: names that get SERVFAIL
    """

    def __init__(self, records=None, silent=(), broken=()):
        self.records = dict(records or {})
        self.silent = set(silent)
        self.broken = set(broken)
        # (name, kind) of each question
        self.asked: list[tuple[str, str]] = []
        self._listener = _Listener(("127.0.0.1", 0), _Handler)
        self._listener.owner = self

    @property
    def address(self) -> str:
        """Return where it listens, as ``Resolver`` wants it."""
        return "{}:{}".format(*self._listener.server_address)

    def __enter__(self) -> "DnsServer":
        # polls often for the end, because tests start and stop many servers
        threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc_info) -> None:
        self._listener.shutdown()
        self._listener.server_close()

    def answer(self, wire: bytes) -> bytes | None:
        """Return the answer to one message, None for silence."""
        import dns.message
        import dns.rcode
        import dns.rdatatype
        import dns.rrset

        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        response = dns.message.make_response(query, recursion_available=True)
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


class _Listener(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False
