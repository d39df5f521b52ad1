"""The context keys of the addon, each once: what it carries, who sets it, who reads it.

A key carries a value through methods of Odoo that have no argument for it. Where a method of ours is called, the
value is an argument.
"""

# The id of the alias domain whose values four system parameters have; 0: they have none; None: as Odoo has them.
# Set: wherever something is done for one company. Read: ``ir.config_parameter.get_param``.
DOMAIN_KEY = "mail_company_routing_domain_id"

# The :class:`Sending` of one call of ``send``. Set: ``mail.mail.send``. Read: its split and ``_send``.
SENDING_KEY = "mail_company_routing_sending"
# The :class:`Departure` of the one mail that is being sent. Set: ``mail.mail._send``. Read: ``ir.mail_server``.
DEPARTURE_KEY = "mail_company_routing_departure"
# The :class:`LentSenders` of a template. Set: composers and templates. Read: the check of a sender.
LENT_KEY = "mail_company_routing_lent_senders"

# The domain ids of the names to check, in their order. Set: ``mail.alias.create`` and ``write``. Read: core's check.
DOMAINS_KEY = "mail_company_routing_alias_domain_ids"
# The search domain of the only aliases there are. Set: incoming routing, and the check of names. Read: any search.
SHOWN_KEY = "mail_company_routing_shown_aliases"

# True while a mail is routed to a company: each alias domain is one of Odoo's own. Read: ``get_param``.
INCOMING_KEY = "mail_company_routing_incoming"
# True while a mail is routed that must not be told to write elsewhere: Odoo has no catchall. Read: ``get_param``.
QUIET_KEY = "mail_company_routing_quiet"
# The place of the route that is being checked. Set: ``mail.thread``. Read: its automatic answer.
PLACE_KEY = "mail_company_routing_place"
# The :class:`Copy` of another company's mail that is being taken in. Set: ``message_process``. Read: ``mail.thread``.
COPY_KEY = "mail_company_routing_copy"
# Who answers for a company without a bounce name. Set: the automatic answer. Read: core's default bounce address.
ANSWER_KEY = "mail_company_routing_answer_from"
# An :class:`Outcome` to note in what becomes of one mail. Set: the mailboxes, the preview. Read: ``mail.thread``.
OUTCOME_KEY = "mail_company_routing_outcome"
# A :class:`Preview` that follows one mail, of which nothing must remain. Set: the preview. Read: ``mail.thread``.
PREVIEW_KEY = "mail_company_routing_preview"
# Where a person said a mail belongs: (model, id or None). Set: unrouted mails. Read: ``mail.thread.message_route``.
FORCED_KEY = "mail_company_routing_forced"

# True: a login also looks whether the folder is there. Set: ``button_confirm_login``. Read: ``_imap_login``.
CHECK_KEY = "mail_company_routing_check_folder"
