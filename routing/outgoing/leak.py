"""Did a mail leave with anything of another company? Asked of what was on the wire, and not of the decision."""

from typing import NamedTuple

from .. import address


class Leak(NamedTuple):
    """What was another company's: ``server``, ``from``, ``sender``, ``envelope`` or ``reply_to``; and whose it was."""

    what: str
    company_id: int


def find_leaks(table, company_ids, server_id, wire):
    """Return each :class:`Leak` of a mail that left.

    :param RoutingTable table: whose the servers and domains are
    :param company_ids: the companies that the mail may leave as
    :param server_id: the id of the server that took it, None for the one in odoo.conf
    :param dict wire: the texts with addresses, by what they are
    """
    server = table.servers.get(server_id)
    owners = [("server", server.company_id)] if server else []
    for what, text in wire.items():
        domains = {table.domain_of(entry.email) for entry in address.parse(text)}
        owners += [(what, domain.company_id) for domain in domains if domain]
    allowed = {None, *company_ids}
    return [Leak(*owner) for owner in dict.fromkeys(owners) if owner[1] not in allowed]
