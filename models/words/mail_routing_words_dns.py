from odoo import _lt, api, models

from ...routing.domain.findings import What

# What was found in the DNS of a domain: what it is, why it matters, what to do.
SENTENCES = {
    What.NO_ANSWER: _lt("No name server answered the question for %(name)s. Check again later."),
    What.NOT_SENT: "%(failure)s",
    What.LEAVES_ELSEWHERE: _lt(
        'Mails of %(domain)s leave through "%(server)s" with an address of %(other)s, so the records of %(other)s '
        "count."
    ),
    What.MX_NONE: _lt("No server takes mails for %(domain)s: it has no MX record. The provider's console shows it."),
    What.MX_REFUSES: _lt("%(domain)s says that it takes no mails at all (an MX record with only a dot)."),
    What.MX_FOUND: _lt(
        "Mails for %(domain)s go to %(hosts)s. Odoo fetches from no mailbox for it: set an Incoming Mail Server."
    ),
    What.MX_FITS: _lt("Mails for %(domain)s go to %(hosts)s, and Odoo fetches them at %(mailboxes)s."),
    What.MX_ELSEWHERE: _lt(
        "Mails for %(domain)s go to %(hosts)s, but Odoo fetches at %(mailboxes)s. If they are not forwarded, replies "
        "do not come back: set the Incoming Mail Server of this domain, or change the MX record."
    ),
    What.SPF_NONE: _lt("%(domain)s has no SPF record, so receivers distrust its mails. Publish the one below."),
    What.SPF_SEVERAL: _lt(
        "%(domain)s has %(count)s SPF records, and receivers then use none. Replace them by the one below."
    ),
    What.SPF_SYNTAX: _lt('Receivers cannot use the SPF record of %(domain)s, because of "%(where)s". Correct it.'),
    What.SPF_TOO_MANY: _lt(
        "The SPF record of %(domain)s needs more than 10 look-ups, all that receivers make (RFC 7208), and counts for "
        "nothing. Remove an include that nobody needs."
    ),
    What.SPF_VOID: _lt(
        "Receivers cannot use the SPF record of %(domain)s: more than 2 hosts in it have no address (RFC 7208). The "
        'third is "%(where)s". Remove the hosts that are gone.'
    ),
    What.SPF_BROKEN: _lt(
        "The SPF record of %(domain)s includes %(where)s, which has none, and counts for nothing. Remove that include."
    ),
    What.SPF_NAMES: _lt('The SPF record of %(domain)s lets "%(server)s" send (%(lookups)s of 10 look-ups).'),
    What.SPF_LACKS: _lt(
        'The SPF record of %(domain)s does not name the provider of "%(server)s" (%(term)s), so receivers may refuse '
        "its mails. Publish the one below."
    ),
    What.SPF_UNKNOWN: _lt(
        'The SPF record of %(domain)s does not name %(host)s, the host of "%(server)s". Ask the provider from which '
        "addresses it sends, or publish the record below."
    ),
    What.SPF_LOCAL: _lt(
        '"%(server)s" is a relay on the machine of Odoo. See that the SPF record of %(domain)s names the address from '
        "which it sends."
    ),
    What.SPF_UNCLEAR: _lt(
        'Whether the SPF record of %(domain)s lets "%(server)s" send depends on each mail (exists, ptr or a macro).'
    ),
    What.SPF_ALL: _lt("The SPF record of %(domain)s lets everybody send (+all). Write ~all or -all."),
    What.DKIM_NO_SELECTOR: _lt(
        "Odoo does not know whether mails of %(domain)s are signed. Set its DKIM Selector, which the provider's "
        "console shows."
    ),
    What.DKIM_FOUND: _lt("The key is published."),
    What.DKIM_NONE: _lt("There is no key at %(name)s. Publish the one that the provider's console shows."),
    What.DKIM_REVOKED: _lt("The key at %(name)s is withdrawn. Publish the one that the provider's console shows."),
    What.DKIM_SYNTAX: _lt("The record at %(name)s is no key. Copy it anew from the provider's console."),
    What.DMARC_NONE: _lt("%(domain)s has no DMARC record, which large providers ask for. Publish the one below."),
    What.DMARC_SEVERAL: _lt("There are several DMARC records at %(name)s, and receivers use none. Keep one of them."),
    What.DMARC_SYNTAX: _lt("Receivers cannot use the DMARC record at %(name)s. Replace it by the one below."),
    What.DMARC_ALIGNED: _lt(
        'Mails through "%(server)s" pass DMARC (%(policy)s): their envelope is of %(envelope)s, which fits From.'
    ),
    What.DMARC_BY_DKIM: _lt(
        'Mails through "%(server)s" pass DMARC (%(policy)s) only if the provider signs them for %(domain)s: their '
        "envelope is of %(envelope)s."
    ),
    What.DMARC_APART: _lt(
        'Receivers %(policy)s mails of %(domain)s through "%(server)s" (DMARC): their envelope is of %(envelope)s, and '
        "no DKIM key is known. Use a server with a mailbox in %(domain)s, or the Sender Policy Only its own username."
    ),
    What.DMARC_APART_UNHARMED: _lt(
        'Mails of %(domain)s through "%(server)s" fail DMARC, as their envelope is of %(envelope)s. They arrive as '
        "long as the policy is none."
    ),
}


class MailRoutingWords(models.AbstractModel):
    """Says what is right and wrong with the DNS of a domain."""

    _inherit = "mail.routing.words"

    @api.model
    def _finding_message(self, finding):
        """Return a finding in a sentence."""
        return str(SENTENCES[finding.what]) % finding.values
