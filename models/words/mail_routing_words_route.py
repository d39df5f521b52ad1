from odoo import _, _lt, api, models

from ...routing.reason import Reason

RULES = {
    "company": _lt("Company"),
    "author": _lt("Author"),
    "server": _lt("Mail server"),
    "policy": _lt("Sender policy"),
    "reply_to": _lt("Reply-To"),
}
REASONS = {
    Reason.COMPANY_OF_RECORD: _lt("the company of the record"),
    Reason.COMPANY_WHEN_WRITTEN: _lt("the company that was active when the mail was written"),
    Reason.COMPANY_OF_WRITER: _lt("the writer's own company; the writer does not belong to that of the record"),
    Reason.COMPANY_OF_PERSON: _lt("the company of the person for whom Odoo wrote the mail"),
    Reason.COMPANY_OF_MAILING: _lt("the company of the mailing's sender"),
    Reason.AUTHOR_IS_IDENTITY: _lt("the address is one of the author's identities"),
    Reason.AUTHOR_GETS_IDENTITY: _lt("the author's identity for this company"),
    Reason.AUTHOR_IN_OWN_DOMAIN: _lt("the address is in an alias domain of this company"),
    Reason.AUTHOR_UNCHANGED: _lt("the author's own address"),
    Reason.AUTHOR_MOVED: _lt("Mail From Email By Company: the user's address in the company's domain"),
    Reason.AUTHOR_BROUGHT_HOME: _lt(
        "the user's address in the company's domain, because the author's address belongs to another company"
    ),
    Reason.AUTHOR_DEFAULT_FROM: _lt("the company's default sender instead of the author's address"),
    Reason.AUTHOR_WITHOUT_DEFAULT_FROM: _lt("the author's own address, because the company has no default sender"),
    Reason.AUTHOR_AS_SERVER: _lt(
        "the mail server's own address, because the author's address belongs to another company"
    ),
    Reason.SERVER_FORCED: _lt("set on the mail or its template"),
    Reason.SERVER_AS_ODOO: _lt("Odoo chose it"),
    Reason.SERVER_BY_AUTHOR: _lt("SMTP and IMAP + Alias Domain By Company: the domain of the author"),
    Reason.SERVER_BY_REPLY_TO: _lt("SMTP and IMAP + Alias Domain By Company Reply-To: the domain of the reply address"),
    Reason.SERVER_OF_COMPANY: _lt("a server of the company"),
    Reason.SERVER_SHARED: _lt("a server without a company, because this company has no server"),
    Reason.POLICY_OF_SERVER: _lt("set on the mail server"),
    Reason.POLICY_UNRESTRICTED: _lt("the author stays, because the company does not restrict the username"),
    Reason.POLICY_WITHOUT_LOGIN: _lt("the author stays, because the mail server has no login"),
    Reason.POLICY_RESTRICTED: _lt("only the username, because the company restricts it"),
    Reason.POLICY_LEARNED: _lt("only the username, because the mail server refused another sender"),
    Reason.POLICY_DEFAULT_SENDER: _lt("the default sender, because the mail server may not send as the author"),
    Reason.REPLY_ON_PURPOSE: _lt("somebody set it on purpose"),
    Reason.REPLY_BY_COMPANY: _lt("Mail Reply-To By Company"),
    Reason.REPLY_CATCHALL: _lt("the company's catchall"),
    Reason.REPLY_AS_ODOO: _lt("as Odoo set it"),
    Reason.REPLY_COMES_BACK: _lt("it comes back even without a catch-all"),
    Reason.REPLY_MAILBOX: _lt("no catch-all: a mailbox that Odoo fetches"),
    Reason.REPLY_AUTHOR: _lt("no catch-all and no mailbox that Odoo fetches: the author"),
    Reason.REPLY_SERVER: _lt("no catch-all, no mailbox that Odoo fetches and no author: the server's own address"),
}


class MailRoutingWords(models.AbstractModel):
    """Says which rules decided how a mail leaves, and why."""

    _inherit = "mail.routing.words"

    @api.model
    def _trace_line(self, rule, reason):
        """Return one line of the trace, empty for a reason of another version of the addon."""
        if rule not in RULES or reason not in Reason.__members__:
            return ""
        # as texts here: formatted into another sentence, they would not find the reader's language
        return _("%(rule)s: %(reason)s", rule=str(RULES[rule]), reason=str(REASONS[Reason[reason]]))
