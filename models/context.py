"""The context keys of the addon, each once: what it carries, who sets it, who reads it, and why it is a key.

A key carries a value through methods of core that have no argument for it. Where a method of ours is called, the
value is an argument. What one flow carries is one object with documented fields. It is read by :func:`carried` alone:
anybody may send a context over RPC, but only as plain JSON or XML, never an object of a class of ours.
"""

from dataclasses import dataclass

# The :class:`InDomain` of the alias domain whose values four system parameters have; 0: they have none; None: as Odoo
# has them. Set: by all code that acts for one company, see :func:`in_domain`. Read: ``ir.config_parameter.get_param``,
# which also takes the plain number of other addons, if it names a domain of the user's companies.
# A key, because core and other addons read the parameters in some thirty places.
DOMAIN_KEY = "mail_company_routing_domain_id"

# The :class:`DeliveryRun` that one call of ``send`` is, and in it the mail that is leaving.
# Set: ``mail.mail.send`` and ``_send``. Read, once each: the split, ``connect``, ``_send``, ``send_email``,
# ``_prepare_email_message``, ``_postprocess_sent_message``.
# A key, because core calls each of these from the one before.
RUN_KEY = "mail_company_routing_run"

# :class:`HandOut`: the queue makes jobs of what it would send. The :class:`JobSlice` of a job: what it may send.
# Set: ``process_email_queue``, and the job. Read: ``mail.mail.send``.
# A key, because core's ``process_email_queue`` comes in between.
JOBS_KEY = "mail_company_routing_jobs"

# The :class:`TemplateSenders` of a template. Set: composers and templates. Read: the check of a sender.
# A key, because a composer's mails are created by core.
TEMPLATE_SENDERS_KEY = "mail_company_routing_lent_senders"

# The :class:`DomainIds` of the alias names that are created or changed, in their order.
# Set: ``mail.alias.create`` and ``write``. Read: ``_clean_and_check_unique``, which core calls with the names alone.
DOMAINS_KEY = "mail_company_routing_alias_domain_ids"

# The :class:`Shown`, a search domain; only aliases that match it are found.
# Set: ``message_route``, and ``_clean_and_check_unique`` for one alias domain. Read: ``mail.alias._search``.
# A key, because core does the search.
SHOWN_KEY = "mail_company_routing_shown_aliases"

# The :class:`IncomingMail` that is being processed, from the call of ``message_process`` to its end.
# Set: the mailboxes, the preview, ``mail.thread``. Read: ``mail.thread``, and ``get_param`` and the like for core.
# A key, because all of this goes through core's ``message_process``.
INCOMING_KEY = "mail_company_routing_incoming"

# The :class:`HeldMails` that collect what would be sent; nothing is. Set: the preview of an incoming mail.
# Read: ``mail.mail.send`` and ``ir.mail_server.send_email``.
# A key, because core sends on the way.
HELD_KEY = "mail_company_routing_held"


@dataclass(frozen=True)
class InDomain:
    """What is under DOMAIN_KEY; no number, as environments are shared where their contexts are equal."""

    domain_id: int


class DomainIds(tuple):
    """What is under DOMAINS_KEY."""


class Shown(tuple):
    """What is under SHOWN_KEY."""


def in_domain(domain_id):
    """Return the context in which the system parameters have an alias domain's values; see DOMAIN_KEY for 0 and None.

    False, the id of an empty field, is None.
    """
    return {DOMAIN_KEY: None if domain_id is None or domain_id is False else InDomain(domain_id)}


def carried(env, key, kind):
    """Return the object of this class under a key, or None; a context from RPC holds plain JSON, and never one.

    :param kind: a class, or a tuple of classes
    """
    value = env.context.get(key)
    return value if isinstance(value, kind) else None
