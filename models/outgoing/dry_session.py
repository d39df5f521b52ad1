"""What takes the place of an SMTP session, or of sending, where nobody is asked to take a mail."""


class DrySession:
    """Has what core and we read from an open session, and no connection.

    :param Server server: the one that the mail would leave through
    :param from_filter: its FROM Filtering, as core keeps it on a session
    :param smtp_from: the sender that core keeps on a session, or None
    """

    def __init__(self, server, from_filter, smtp_from):
        self.mail_company_routing_server = server
        self.from_filter = from_filter
        self.smtp_from = smtp_from


class Prepared(BaseException):
    """A message is ready to leave: its envelope sender, its recipients and itself.

    Not an ``Exception``: core would take that for a failed mail, log it, and tell the author.
    """

    def __init__(self, envelope_from, recipients, message):
        super().__init__(envelope_from)
        self.envelope_from = envelope_from
        self.recipients = recipients
        self.message = message


class HeldMails(list):
    """Collects what would be sent as (From, To, subject, route); the route is None without a ``mail.mail``.

    Set: the preview of an incoming mail, under a key of :mod:`..context`.
    """

    def hold(self, mails):
        """Keep what a preview shows of some mails."""
        routes = mails.env["mail.routing"]._decide(mails)
        self += [(mail.email_from, mail.email_to, mail.subject, routes.get(mail.id)) for mail in mails.sudo()]
        return True
