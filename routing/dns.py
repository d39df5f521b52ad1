"""What the DNS says about a domain, read by the optional package dnspython."""

import time
from importlib import import_module
from typing import NamedTuple

from .address import BadAddress, wire_domain

# Why there is no record: the name or the record does not exist; no answer in time; anything else.
NONE, TIMEOUT, FAILED = "none", "timeout", "failed"


class Answer(NamedTuple):
    """The records as texts, and what went wrong: nothing, or one of NONE, TIMEOUT, FAILED."""

    records: tuple = ()
    problem: str = ""


class Resolver:
    """Asks a name server; it never raises.

    :param nameserver: an address with or without a port (``127.0.0.1:5353``, ``[::1]:53``); None: those of the system
    :param timeout: seconds that one look-up may take
    :param seconds: for all look-ups, as a domain may lead to any number of slow ones
    :param clock: a function that returns seconds
    """

    def __init__(self, nameserver=None, timeout=5.0, seconds=30.0, clock=time.monotonic):
        self.nameserver = nameserver or None
        self.timeout = timeout
        self.clock = clock
        self.ends = clock() + seconds
        self.available = _load("dns.resolver") is not None

    def lookup(self, name, kind):
        """Return the records of one kind (MX, TXT, A, ...).

        MX gives hosts without a trailing dot, the lowest preference first, and ``.`` for "no mail here" (RFC 7505);
        TXT gives each record as one text (RFC 7208, section 3.3). Without dnspython each look-up has FAILED.

        :rtype: Answer
        """
        if not self.available:
            return Answer(problem=FAILED)
        if self.clock() >= self.ends:
            return Answer(problem=TIMEOUT)
        try:
            return Answer(_texts(self._resolver().resolve(wire_domain(name), kind, search=False)))
        except BadAddress:
            return Answer(problem=NONE)
        except Exception as error:
            return Answer(problem=_problem(error))

    def _resolver(self):
        """Return what asks: configured by us, or by the system."""
        resolver = _load("dns.resolver").Resolver(configure=not self.nameserver)
        if self.nameserver:
            host, port = _host_and_port(self.nameserver)
            resolver.nameservers, resolver.port = [host], port
        resolver.lifetime = min(self.timeout, self.ends - self.clock())
        return resolver


def _load(name):
    """Return a module of dnspython, or None if it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def _host_and_port(text):
    """Return the parts of a name server's address."""
    if text.startswith("["):
        host, _bracket, port = text[1:].partition("]")
        return host, int(port.lstrip(":") or 53)
    host, _colon, port = text.partition(":") if text.count(":") == 1 else (text, "", "")
    return host, int(port or 53)


def _texts(records):
    """Return records as texts, always in one order: a name server gives them in any."""
    kind = records.rdtype.name
    if kind == "MX":
        hosts = [(record.preference, record.exchange.to_text(omit_final_dot=True).lower()) for record in records]
        return tuple(host for _preference, host in sorted(hosts))
    if kind == "TXT":
        return tuple(sorted(b"".join(record.strings).decode("utf-8", "replace") for record in records))
    return tuple(sorted(record.to_text().removesuffix(".") for record in records))


def _problem(error):
    """Return what an exception of dnspython means."""
    resolver, exception = _load("dns.resolver"), _load("dns.exception")
    if isinstance(error, (resolver.NXDOMAIN, resolver.NoAnswer)):
        return NONE
    return TIMEOUT if isinstance(error, exception.Timeout) else FAILED
