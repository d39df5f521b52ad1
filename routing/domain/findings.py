"""What is right and wrong with the DNS of a domain, for the servers that send its mails."""

from enum import Enum, auto
from typing import NamedTuple

from ..dns import FAILED, NONE, TIMEOUT
from . import dkim, dmarc, mail_host, spf

OK, NOTE, WARNING, ERROR = LEVELS = ("ok", "note", "warning", "error")
MX, SPF, DKIM, DMARC = "mx", "spf", "dkim", "dmarc"


class What(Enum):
    """What was found. The words are in ``models/explain/``, to be translated."""

    NO_ANSWER = auto()
    NOT_SENT = auto()
    LEAVES_ELSEWHERE = auto()

    MX_NONE = auto()
    MX_REFUSES = auto()
    MX_FOUND = auto()
    MX_FITS = auto()
    MX_ELSEWHERE = auto()

    SPF_NONE = auto()
    SPF_SEVERAL = auto()
    SPF_SYNTAX = auto()
    SPF_TOO_MANY = auto()
    SPF_VOID = auto()
    SPF_BROKEN = auto()
    SPF_NAMES = auto()
    SPF_LACKS = auto()
    SPF_UNKNOWN = auto()
    SPF_LOCAL = auto()
    SPF_UNCLEAR = auto()
    SPF_ALL = auto()

    DKIM_NO_SELECTOR = auto()
    DKIM_FOUND = auto()
    DKIM_NONE = auto()
    DKIM_REVOKED = auto()
    DKIM_SYNTAX = auto()

    DMARC_NONE = auto()
    DMARC_SEVERAL = auto()
    DMARC_SYNTAX = auto()
    DMARC_ALIGNED = auto()
    DMARC_BY_DKIM = auto()
    DMARC_APART = auto()
    DMARC_APART_UNHARMED = auto()


_SPF_PROBLEMS = {
    NONE: What.SPF_NONE,
    spf.SEVERAL: What.SPF_SEVERAL,
    spf.SYNTAX: What.SPF_SYNTAX,
    spf.TOO_MANY: What.SPF_TOO_MANY,
    spf.VOID: What.SPF_VOID,
    spf.BROKEN: What.SPF_BROKEN,
}


class Finding(NamedTuple):
    """One thing to say: how bad it is, about which record, what it is, and the values of its sentence."""

    level: str
    topic: str
    what: What
    values: dict = {}


class Sender(NamedTuple):
    """How mails of a domain leave: through which server and host, with which domains in From and in the envelope.

    ``host`` is empty for a relay on Odoo's machine; ``failure`` is the sentence why they do not leave.
    """

    server: str
    host: str = ""
    header_domain: str = ""
    envelope_domain: str = ""
    failure: str = ""


class Report(NamedTuple):
    """All findings, and the records to publish: name and value by topic."""

    findings: tuple
    publish: dict

    @property
    def level(self):
        """The worst level."""
        return max((finding.level for finding in self.findings), key=LEVELS.index, default=OK)


class Question(NamedTuple):
    """A domain, how its mails leave, the hosts that its mail is fetched from, and the DKIM selector, if known."""

    domain: str
    senders: tuple = ()
    mailbox_hosts: tuple = ()
    selector: str = ""


def examine(lookup, question):
    """Return the :class:`Report` about a domain.

    :param lookup: see :meth:`..dns.Resolver.lookup`
    """
    lookup = _remembering(lookup)
    publish = {}
    has_key, about_key = _of_dkim(lookup, question)
    findings = [*_of_mx(lookup, question), *_of_senders(question)]
    sending = [sender for sender in question.senders if not sender.failure]
    for envelope in dict.fromkeys(sender.envelope_domain for sender in sending):
        senders = [sender for sender in sending if sender.envelope_domain == envelope]
        findings += _of_spf(lookup, envelope, senders, publish)
    findings += about_key
    for header in dict.fromkeys(sender.header_domain for sender in sending):
        senders = [sender for sender in sending if sender.header_domain == header]
        findings += _of_dmarc(lookup, header, senders, has_key and header == question.domain, publish)
    return Report(tuple(findings), publish)


def _remembering(lookup):
    """Return a look-up that asks each question once."""
    answers = {}

    def remembered(name, kind):
        if (name, kind) not in answers:
            answers[name, kind] = lookup(name, kind)
        return answers[name, kind]

    return remembered


def _of_senders(question):
    """Say which mails do not leave, or leave with another domain in From."""
    for sender in question.senders:
        if sender.failure:
            yield Finding(ERROR, SPF, What.NOT_SENT, {"failure": sender.failure})
        elif sender.header_domain != question.domain:
            values = {"domain": question.domain, "server": sender.server, "other": sender.header_domain}
            yield Finding(NOTE, SPF, What.LEAVES_ELSEWHERE, values)


def _of_mx(lookup, question):
    """Compare where mail to the domain goes with where Odoo fetches it."""
    answer = lookup(question.domain, "MX")
    values = {"domain": question.domain, "hosts": ", ".join(answer.records)}
    if answer.problem in (TIMEOUT, FAILED):
        return [Finding(WARNING, MX, What.NO_ANSWER, {"name": question.domain})]
    if answer.problem == NONE or not answer.records:
        return [Finding(ERROR, MX, What.MX_NONE, values)]
    if answer.records == (".",):
        return [Finding(ERROR, MX, What.MX_REFUSES, values)]
    if not question.mailbox_hosts:
        return [Finding(NOTE, MX, What.MX_FOUND, values)]
    values["mailboxes"] = ", ".join(question.mailbox_hosts)
    pairs = [(host, mailbox) for host in answer.records for mailbox in question.mailbox_hosts]
    if any(mail_host.are_related(*pair) for pair in pairs):
        return [Finding(OK, MX, What.MX_FITS, values)]
    return [Finding(WARNING, MX, What.MX_ELSEWHERE, values)]


def _of_spf(lookup, domain, senders, publish):
    """Tell whether SPF of an envelope's domain lets its servers send; propose a record where it does not."""
    found = spf.read(lookup, domain)
    if found.problem in (TIMEOUT, FAILED):
        return [Finding(WARNING, SPF, What.NO_ANSWER, {"name": found.where})]
    missing = [sender for sender in senders if not _is_named(lookup, found, sender)]
    if found.problem in ("", NONE, spf.SEVERAL) and (missing or found.problem):
        terms = dict.fromkeys(filter(None, map(_term, missing)))
        if terms or found.records[1:]:
            publish[SPF] = (domain, spf.with_terms(found.records, terms))
    if found.problem:
        values = {"domain": domain, "where": found.where, "count": len(found.records)}
        return [Finding(ERROR, SPF, _SPF_PROBLEMS[found.problem], values)]
    findings = [_about_sender(domain, found, sender, sender in missing) for sender in senders]
    if found.end == "+":
        findings.append(Finding(WARNING, SPF, What.SPF_ALL, {"domain": domain}))
    return findings


def _about_sender(domain, found, sender, is_missing):
    """Return what SPF says about one server."""
    values = {"domain": domain, "server": sender.server, "host": sender.host, "term": _term(sender)}
    values["lookups"] = found.lookups
    if not is_missing:
        return Finding(OK, SPF, What.SPF_NAMES, values)
    if not sender.host:
        return Finding(NOTE, SPF, What.SPF_LOCAL, values)
    if found.is_unclear:
        return Finding(NOTE, SPF, What.SPF_UNCLEAR, values)
    if mail_host.includes(sender.host):
        return Finding(ERROR, SPF, What.SPF_LACKS, values)
    return Finding(WARNING, SPF, What.SPF_UNKNOWN, values)


def _is_named(lookup, found, sender):
    """Tell whether SPF names the provider of a server, or the addresses of its host."""
    hosts = [sender.host] if sender.host else []
    addresses = [text for host in hosts for kind in ("A", "AAAA") for text in (*lookup(host, kind).records, host)]
    return found.names_host(mail_host.includes(sender.host), addresses)


def _term(sender):
    """Return what SPF needs for a server; empty for a relay, whose address nobody knows."""
    known = mail_host.includes(sender.host)
    return f"include:{known[0]}" if known else spf.host_term(sender.host)


def _of_dkim(lookup, question):
    """Tell whether there is a key, and what to say about it."""
    if not question.selector:
        return False, [Finding(NOTE, DKIM, What.DKIM_NO_SELECTOR, {"domain": question.domain})]
    name = dkim.name(question.selector, question.domain)
    found = dkim.read(lookup, question.selector, question.domain)
    if found in (TIMEOUT, FAILED):
        return False, [Finding(WARNING, DKIM, What.NO_ANSWER, {"name": name})]
    whats = {NONE: What.DKIM_NONE, dkim.REVOKED: What.DKIM_REVOKED, dkim.SYNTAX: What.DKIM_SYNTAX}
    level, what = (OK, What.DKIM_FOUND) if found == dkim.FOUND else (ERROR, whats[found])
    return found == dkim.FOUND, [Finding(level, DKIM, what, {"name": name})]


def _of_dmarc(lookup, domain, senders, has_key, publish):
    """Tell whether mails with this domain in From pass DMARC: by SPF of an aligned envelope, or by DKIM."""
    found = dmarc.read(lookup, domain)
    values = {"domain": domain, "policy": found.policy, "name": f"_dmarc.{found.domain}"}
    if found.problem in (TIMEOUT, FAILED):
        return [Finding(WARNING, DMARC, What.NO_ANSWER, {"name": values["name"]})]
    if found.problem:
        publish[DMARC] = (values["name"], dmarc.PROPOSED)
        whats = {NONE: What.DMARC_NONE, dmarc.SEVERAL: What.DMARC_SEVERAL, dmarc.SYNTAX: What.DMARC_SYNTAX}
        return [Finding(WARNING if found.problem == NONE else ERROR, DMARC, whats[found.problem], values)]
    return [_alignment(found, sender, has_key, values) for sender in senders]


def _alignment(found, sender, has_key, values):
    """Return whether mails through one server are aligned."""
    values = {**values, "server": sender.server, "envelope": sender.envelope_domain}
    if found.is_aligned(sender.header_domain, sender.envelope_domain):
        return Finding(OK, DMARC, What.DMARC_ALIGNED, values)
    if has_key:
        return Finding(WARNING if found.is_harsh else NOTE, DMARC, What.DMARC_BY_DKIM, values)
    if found.is_harsh:
        return Finding(ERROR, DMARC, What.DMARC_APART, values)
    return Finding(WARNING, DMARC, What.DMARC_APART_UNHARMED, values)
