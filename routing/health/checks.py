"""What is inconsistent: each check reads the routing table, and yields its faults."""

from collections import defaultdict

from .fault import SEVERITIES, Fault, Kind


def find_faults(table, facts, flows):
    """Return all faults, the most urgent first.

    :param dict flows: :class:`~.flow.Flow` by company id, of the companies to look at
    """
    faults = [fault for check in _CHECKS for fault in check(table, facts, flows)]
    order = list(Kind)
    return sorted(faults, key=lambda fault: (SEVERITIES.index(fault.severity), order.index(fault.kind)))


def _schedules(_table, facts, _flows):
    """Look whether Odoo sends and fetches at all."""
    if not facts.is_queue_on:
        yield Fault(Kind.QUEUE_OFF)
    if not facts.is_fetching_on and any(box.is_confirmed for box in facts.boxes):
        yield Fault(Kind.FETCHING_OFF)


def _senders(_table, _facts, flows):
    """Look whether each company can send a usual mail."""
    for company_id, flow in flows.items():
        if flow.route.failure:
            yield Fault(Kind.CANNOT_SEND, company_id, flow.route.server_id, route=flow.route)


def _troubles(table, facts, _flows):
    """Look for servers and mailboxes that are in trouble now."""
    for kind, ids in ((Kind.SERVER_STOPPED, facts.stopped_ids), (Kind.SERVER_RESTS, facts.resting_ids)):
        for server in table.records:
            if server.id in ids:
                yield Fault(kind, server.company_id, server.id)
    for box in facts.boxes:
        if not box.is_confirmed:
            yield Fault(Kind.MAILBOX_UNCONFIRMED, box.company_id, box.id)
        elif box.is_failing:
            yield Fault(Kind.MAILBOX_TROUBLE, box.company_id, box.id)


def _mailboxes(table, _facts, flows):
    """Look for companies without a mailbox that need one, and for mailboxes that two companies take mail from."""
    for company_id, flow in flows.items():
        if not table.company(company_id).catchall_supported and not flow.mailboxes:
            yield Fault(Kind.NO_MAILBOX, company_id)
    owners = defaultdict(dict)
    for box in table.mailboxes:
        owners[box.email.lower()].setdefault(box.company_id, box)
    for boxes in owners.values():
        if len(boxes) > 1:
            for company_id, box in boxes.items():
                yield Fault(Kind.MAILBOX_TWICE, company_id, box.id, box.email)


def _replies(table, _facts, flows):
    """Look for replies and bounces that go where nobody fetches them."""
    for company_id, flow in flows.items():
        if flow.route.failure or flow.is_scripted:
            continue
        if flow.reply and not flow.is_reply_fetched:
            domain = table.domain_of(flow.reply)
            yield Fault(Kind.REPLY_NOT_FETCHED, company_id, domain and domain.id, flow.reply)
        elif flow.bounce and flow.mailboxes and not flow.is_bounce_fetched:
            yield Fault(Kind.BOUNCE_NOT_FETCHED, company_id, None, flow.bounce)


def _options(table, _facts, flows):
    """Look for options that miss what they work with."""
    for company_id in flows:
        company = table.company(company_id)
        if (company.from_by_company or company.reply_to_by_company) and not company.domain_id:
            yield Fault(Kind.NO_DOMAIN, company_id)
        if company.reply_to_by_company and not company.reply_to_prefix:
            yield Fault(Kind.NO_PREFIX, company_id)


def _domains(table, _facts, _flows):
    """Look for alias domains without a company while mails follow their domains, or with a server of no use."""
    follows = any(row.server_by_alias_domain or row.server_by_reply_to for row in table.companies.values())
    for domain in table.domains.values():
        if follows and len(table.companies) > 1 and not domain.company_id:
            yield Fault(Kind.DOMAIN_WITHOUT_COMPANY, None, domain.id)
        server = table.servers.get(domain.server_id)
        if server and not server.active:
            yield Fault(Kind.DOMAIN_SERVER_OFF, domain.company_id, domain.id)
        elif server and domain.company_id and not server.serves(domain.company_id):
            yield Fault(Kind.DOMAIN_SERVER_FOREIGN, domain.company_id, domain.id)


def _pairs(table, _facts, _flows):
    """Look for servers whose reply mailbox belongs to another company, which never takes replies there."""
    owners = {box.id: box.company_id for box in table.mailboxes}
    for server in table.records:
        owner = owners.get(server.mailbox_id)
        if server.company_id and owner and owner != server.company_id:
            yield Fault(Kind.SERVER_MAILBOX_FOREIGN, server.company_id, server.id)


def _unused(table, facts, _flows):
    """Look for servers that no mail takes: another one always comes first."""
    used = facts.forced_ids | {domain.server_id for domain in table.domains.values()}
    for server in table.records:
        if server.id not in used and not _may_be_chosen(table, server):
            yield Fault(Kind.SERVER_UNUSED, server.company_id, server.id)


def _may_be_chosen(table, server):
    """Tell whether some mail could leave through a server: see :mod:`..outgoing.server`."""
    if not table.chooses_servers:
        return server == table.records[0] or table.records_by_filter.get(server.from_filter) == server
    siblings = table.servers_by_company[server.company_id]
    is_first = server == siblings[0] or table.servers_by_filter.get((server.company_id, server.from_filter)) == server
    return is_first and (server.company_id or _needs_shared(table))


def _needs_shared(table):
    """Tell whether a company has no server that takes each of its mails."""
    return any((company_id, "") not in table.servers_by_filter for company_id in table.companies)


_CHECKS = (_schedules, _senders, _troubles, _mailboxes, _replies, _options, _domains, _pairs, _unused)
