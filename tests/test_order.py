from collections import Counter

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from .overrides import chains, place, room

# What the addon still overrides three times, or twice in one room; who is asked first stands first. A room overrides
# a method once, and the order stands in a tuple beside it: rows go when rooms are put right, and none is added.
CHAINS = {
    # delivery
    "ir.mail_server.write": ("delivery.ir_mail_server", "setup.ir_mail_server_refusal", "setup.mail_routing_source"),
    # mailbox
    "fetchmail.server._record_run": ("mailbox.fetchmail_server_count", "mailbox.fetchmail_server_poison"),
    # setup
    "mail.alias._compute_alias_domain": ("setup.mail_alias_domain", "setup.mail_alias"),
    "mail.routing.domain.write": (
        "setup.mail_routing_domain_parameters",
        "setup.mail_routing_domain",
        "setup.mail_routing_source",
    ),
}


@tagged("post_install", "-at_install")
class TestOrder(TransactionCase):
    """A newcomer reads the order of a mail in a few tuples, not in the order of imports."""

    def test_overridden_once_a_room(self):
        """If this fails because a row became shorter, or can go: well done, bring CHAINS up to date."""
        long = {key: chain for key, chain in chains(self.registry).items() if self.is_long(chain)}
        self.assertEqual({key: tuple(map(place, chain)) for key, chain in long.items()}, CHAINS)

    def is_long(self, chain):
        """Tell whether a method is overridden three times, or by two classes of one room for one model."""
        owners = Counter((room(cls), cls._name) for cls in chain)
        return len(chain) > 2 or max(owners.values()) > 1
