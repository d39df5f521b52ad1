"""DMARC (RFC 7489): what a receiver shall do with mails whose From nobody vouches for."""

from typing import NamedTuple

from ..dns import FAILED, NONE, TIMEOUT
from . import tags
from .mail_host import organizational

SEVERAL, SYNTAX = "several", "syntax"
PROPOSED = "v=DMARC1; p=none"
_POLICIES = ("none", "quarantine", "reject")


class Dmarc(NamedTuple):
    """The policy for mails from a domain.

    ``problem``: empty, NONE, SEVERAL, SYNTAX, TIMEOUT or FAILED; ``policy``: none, quarantine or reject; ``domain``:
    where it is published; ``is_strict``: whether SPF counts only for exactly the domain in From (aspf=s).
    """

    problem: str = ""
    policy: str = ""
    domain: str = ""
    is_strict: bool = False

    @property
    def is_harsh(self):
        """Whether mails that fail are not delivered as usual."""
        return self.policy in ("quarantine", "reject")

    def is_aligned(self, header_domain, envelope_domain):
        """Tell whether SPF for the envelope counts for From (section 3.1.2)."""
        if self.is_strict:
            return header_domain == envelope_domain
        return organizational(header_domain) == organizational(envelope_domain)


def is_dmarc(text):
    """Tell whether a TXT record is one of DMARC."""
    return text[:32].replace(" ", "").lower().startswith("v=dmarc1")


def parse(text, domain="", is_own=True):
    """Return the :class:`Dmarc` of a record.

    :param domain: where it is published
    :param bool is_own: whether that is the domain in From, and not the one above it
    """
    found = tags.parse(text)
    policy = found.get("p", "").lower()
    if not is_own:
        policy = found.get("sp", policy).lower()
    if policy not in _POLICIES:
        # section 6.6.3: with an address for reports it counts as none
        if "rua" not in found:
            return Dmarc(SYNTAX, domain=domain)
        policy = "none"
    return Dmarc("", policy, domain, found.get("aspf", "").lower() == "s")


def read(lookup, domain):
    """Return the :class:`Dmarc` for mails from a domain: its own, else that of the domain above it.

    :param lookup: see :meth:`..dns.Resolver.lookup`
    """
    for name in dict.fromkeys((domain, organizational(domain))):
        answer = lookup(f"_dmarc.{name}", "TXT")
        if answer.problem in (TIMEOUT, FAILED):
            return Dmarc(answer.problem, domain=name)
        records = [record for record in answer.records if is_dmarc(record)]
        if records:
            return parse(records[0], name, name == domain) if len(records) == 1 else Dmarc(SEVERAL, domain=name)
    return Dmarc(NONE, domain=domain)
