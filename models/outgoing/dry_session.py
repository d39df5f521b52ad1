"""What takes the place of an SMTP session where a mail is built and prepared, and nobody is asked to take it."""


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
