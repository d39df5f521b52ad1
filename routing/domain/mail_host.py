"""Which domains and hosts belong together: subdomains, and the providers' own names."""

# Second labels under which a country's registry gives out names, as in b.com.cn. Not the whole Public Suffix List:
# a name that is read as too short makes a page say "the same" once too often.
_SECOND = {"ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "or", "org"}
# Names of one provider: its mailboxes, its MX hosts, its SMTP hosts.
_FAMILIES = (
    {"126.com", "163.com", "netease.com", "ntes53.com", "yeah.net"},
    {"aliyun.com", "mxhichina.com"},
    {"gmail.com", "google.com", "googlemail.com"},
    {"office.com", "office365.com", "outlook.com"},
    {"yandex.com", "yandex.net", "yandex.ru"},
)
# What SPF includes for mails that leave through a host; the first is what to publish. Not a field of ``mail.provider``:
# the presets hold what a person sets on a server, and several here are no mailbox providers.
_INCLUDES = {
    "163.com": ("spf.163.com", "spf.qiye.163.com"),
    "126.com": ("spf.163.com",),
    "yeah.net": ("spf.163.com",),
    "qq.com": ("spf.mail.qq.com",),
    "qiye.aliyun.com": ("spf.qiye.aliyun.com",),
    "mxhichina.com": ("spf.qiye.aliyun.com",),
    "dm.aliyun.com": ("spf1.dm.aliyun.com",),
    "gmail.com": ("_spf.google.com",),
    "googlemail.com": ("_spf.google.com",),
    "smtp-relay.gmail.com": ("_spf.google.com",),
    "office365.com": ("spf.protection.outlook.com",),
    "outlook.com": ("spf.protection.outlook.com",),
    "yandex.com": ("_spf.yandex.net",),
    "yandex.ru": ("_spf.yandex.net",),
    "zoho.com": ("zohomail.com", "zoho.com"),
    "zoho.eu": ("zohomail.eu", "zoho.eu"),
    "mail.me.com": ("icloud.com",),
    "amazonaws.com": ("amazonses.com",),
    "sendgrid.net": ("sendgrid.net",),
    "mailgun.org": ("mailgun.org",),
}


def organizational(name):
    """Return the domain that somebody registered, of which a name is a part (RFC 7489, section 3.2).

    >>> organizational("mx.mail.b.com.cn"), organizational("b.com")
    ('b.com.cn', 'b.com')
    """
    labels = name.rsplit(".", 3)[-3:]
    is_long = len(labels) == 3 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels if is_long else labels[-2:])


def are_related(one, other):
    """Tell whether two hosts are of one provider."""
    ones, others = organizational(one), organizational(other)
    return ones == others or any({ones, others} <= family for family in _FAMILIES)


def includes(host):
    """Return the names that stand for a mail server's host in SPF, the one to publish first; empty if nobody knows.

    >>> includes("smtp.exmail.qq.com")
    ('spf.mail.qq.com',)
    """
    found = (suffix for suffix in _INCLUDES if host == suffix or host.endswith(f".{suffix}"))
    return _INCLUDES.get(max(found, key=len, default=""), ())
