"""Sender Policy Framework (RFC 7208): which hosts may send mails of a domain."""

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from ..dns import FAILED, NONE, TIMEOUT, Answer

# Section 4.6.4: terms that ask the DNS, in all records together; those of them that find nothing; hosts of one MX.
MOST_LOOKUPS, MOST_VOIDS, MOST_HOSTS = 10, 2, 10
# Characters of a record that are read; an answer of the DNS holds about sixty thousand.
_LONGEST = 4096
SEVERAL, SYNTAX, TOO_MANY, VOID, BROKEN = "several", "syntax", "too_many", "void", "broken"
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.+)")
_MECHANISM = re.compile(
    r"([+~?-]?)(all|ip4|ip6|a|mx|include|exists|ptr)(?::([^/]+))?(?:/(\d{1,3}))?(?://(\d{1,3}))?", re.IGNORECASE
)
_OWN, _REDIRECT, _INCLUDE = "own", "redirect", "include"
_WITH_LOOKUP = {"a", "exists", "include", "mx", "ptr", "redirect"}
_NEEDS_VALUE = {"exists", "include", "ip4", "ip6"}


class Term(NamedTuple):
    """One term of a record: ``-``, ``~``, ``?`` or ``+``, a mechanism or modifier, and its value or an empty text.

    ``ipv4`` and ``ipv6`` are the lengths of the networks around the hosts that ``a`` and ``mx`` mean.
    """

    qualifier: str
    name: str
    value: str
    ipv4: str = ""
    ipv6: str = ""

    def __str__(self):
        return f"{self.name}:{self.value}" if self.value else self.name

    @property
    def passes(self):
        return self.qualifier == "+"


@dataclass
class Spf:
    """What the records of a domain say, as far as they could be read.

    ``problem``: empty, NONE, SEVERAL, SYNTAX, TOO_MANY, VOID, BROKEN (an included domain has none), TIMEOUT or FAILED;
    ``where``: the domain or the term that has it; ``records``: those of the domain itself; ``names``: the included
    domains; ``networks``: the addresses that may send; ``end``: what becomes of all others, as a qualifier, or empty;
    ``is_unclear``: it depends on the mail, see macros (section 7).
    """

    records: tuple = ()
    problem: str = ""
    where: str = ""
    lookups: int = 0
    voids: int = 0
    names: set = field(default_factory=set)
    networks: list = field(default_factory=list)
    end: str = ""
    is_unclear: bool = False

    def names_host(self, includes, addresses):
        """Tell whether the domain lets a provider send, known by what SPF includes, or by a host's addresses."""
        hosts = [network.network_address for network in map(_network, addresses) if network]
        return not self.names.isdisjoint(includes) or any(
            host in network for host in hosts for network in self.networks
        )


def is_spf(text):
    """Tell whether a TXT record is one of SPF (section 4.5)."""
    return text[:7].lower().rstrip(" ") == "v=spf1"


def parse(text):
    """Return the terms of a record, up to ``all``, and the first that is none, or an empty text.

    >>> parse("v=spf1 include:spf.mail.qq.com ~all")[0][0]
    Term(qualifier='+', name='include', value='spf.mail.qq.com', ipv4='', ipv6='')
    """
    terms = []
    for word in text[:_LONGEST].split()[1:]:
        term = _term(word)
        if term is None:
            return terms, word
        if term.name:
            terms.append(term)
        if term.name == "all":
            break
    return terms, ""


def _term(word):
    """Return a term, one without a name for a modifier that we do not need, None for anything else."""
    modifier = _MODIFIER.match(word)
    if modifier:
        name = modifier[1].lower()
        return Term("+", name, modifier[2].lower()) if name == "redirect" else Term("+", "", "")
    mechanism = _MECHANISM.fullmatch(word)
    if not mechanism:
        return None
    qualifier, name, value, ipv4, ipv6 = mechanism.groups(default="")
    term = Term(qualifier or "+", name.lower(), value.lower(), ipv4, ipv6)
    if term.name in _NEEDS_VALUE and not value:
        return None
    if term.name in ("ip4", "ip6"):
        network = f"{value}/{ipv4}" if ipv4 else value
        return Term(term.qualifier, term.name, network.lower()) if _network(network) and not ipv6 else None
    return None if term.name not in ("a", "mx") and (ipv4 or ipv6 or (term.name == "all" and value)) else term


def _network(text):
    """Return an IP network, or None."""
    with suppress(ValueError):
        return ipaddress.ip_network(text[:64], strict=False)
    return None


def read(lookup, domain):
    """Return the :class:`Spf` of a domain; stops at the first problem.

    :param lookup: see :meth:`..dns.Resolver.lookup`
    """
    found = Spf()
    _walk(lookup, domain, found, _OWN)
    return found


def _walk(lookup, domain, found, role):
    """Read the record of a domain, and of those that it leads to.

    :param role: how it was reached: _OWN, _REDIRECT or _INCLUDE
    """
    answer = lookup(domain, "TXT")
    # the DNS gives several in any order
    records = tuple(sorted(record for record in answer.records if is_spf(record)))
    if role == _OWN:
        found.records = records
    if len(records) != 1:
        is_silent = answer.problem in (TIMEOUT, FAILED)
        without = NONE if role == _OWN else BROKEN
        found.problem, found.where = answer.problem if is_silent else SEVERAL if records else without, domain
        return
    terms, wrong = parse(records[0])
    if wrong:
        found.problem, found.where = SYNTAX, wrong
        return
    is_closed = any(term.name == "all" for term in terms)
    for term in terms:
        if term.name == "all":
            found.end = found.end if role == _INCLUDE else term.qualifier
        elif not (term.name == "redirect" and is_closed):
            _take(lookup, domain, found, term, role)
        if found.problem:
            return


def _take(lookup, domain, found, term, role):
    """Take in what one term says."""
    if term.name in _WITH_LOOKUP:
        found.lookups += 1
        if found.lookups > MOST_LOOKUPS:
            found.problem, found.where = TOO_MANY, domain
            return
    if "%" in term.value or term.name in ("exists", "ptr"):
        found.is_unclear = True
    elif term.name == "redirect":
        found.names.add(term.value)
        _walk(lookup, term.value, found, _INCLUDE if role == _INCLUDE else _REDIRECT)
    elif term.name == "include":
        _include(lookup, found, term)
    else:
        networks = [_network(term.value)] if term.name in ("ip4", "ip6") else _hosts(lookup, domain, found, term)
        found.networks += networks if term.passes else []


def _include(lookup, found, term):
    """Read an included domain; whom it names may send only if it is included with a plus."""
    names, networks = set(found.names), list(found.networks)
    found.names.add(term.value)
    _walk(lookup, term.value, found, _INCLUDE)
    if not term.passes:
        found.names, found.networks = names, networks


def _hosts(lookup, domain, found, term):
    """Return the addresses of the hosts that ``a`` or ``mx`` means, each as a network; count a term that finds none."""
    name = term.value or domain
    exchangers = lookup(name, "MX") if term.name == "mx" else Answer((name,))
    kinds = (("A", term.ipv4), ("AAAA", term.ipv6))
    asked = [(lookup(host, kind), length) for host in exchangers.records[:MOST_HOSTS] for kind, length in kinds]
    texts = [f"{text}/{length}" if length else text for answer, length in asked for text in answer.records]
    is_silent = any(answer.problem in (TIMEOUT, FAILED) for answer in (exchangers, *(answer for answer, _ in asked)))
    if not texts and not is_silent:
        found.voids += 1
        if found.voids > MOST_VOIDS:
            found.problem, found.where = VOID, str(term)
    return list(filter(None, map(_network, texts)))


def with_terms(records, terms):
    """Return a record to publish: the given ones as one, with terms that they lack in front of ``all``.

    >>> with_terms(["v=spf1 mx -all"], ["include:spf.mail.qq.com"])
    'v=spf1 mx include:spf.mail.qq.com -all'
    """
    words = [word for record in records for word in record[:_LONGEST].split()[1:]]
    is_end = [word.lower().lstrip("+-~?") == "all" or word.lower().startswith("redirect=") for word in words]
    end = next((word for word, ends in zip(words, is_end, strict=True) if ends), "~all")
    middle = [word for word, ends in zip(words, is_end, strict=True) if not ends]
    return " ".join(dict.fromkeys(["v=spf1", *middle, *terms, end]))


def host_term(host):
    """Return the term for one host, empty where there is none.

    >>> host_term("192.0.2.1"), host_term("smtp.b.cn")
    ('ip4:192.0.2.1', 'a:smtp.b.cn')
    """
    network = _network(host)
    return f"ip{network.version}:{host}" if network else host and f"a:{host}"
