"""What single providers say in codes and phrases of their own, and how long they mean it.

The times are those that the providers name, or that the rules of large senders (Momentum, KumoMTA) keep to.
"""

from datetime import timedelta

from .answer_class import AnswerClass
from .rule import DATA, LOGIN, MAIL, RCPT, Rest, Rule, words

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
TODAY = Rest(2 * HOUR, today=True, in_china=True)
SESSION = Rest(new_session=True)

PROVIDERS = (
    # NetEase: mails and recipients of a session, a quarter of an hour, a day
    Rule("netease_session", AnswerClass.RATE, words(r"\b(MI:DMC|RP:DRC)\b"), rest=SESSION),
    Rule("netease_day", AnswerClass.RATE, words(r"\b(MI:STC|RP:TRC|RP:ORQ)\b", r"daily message limit"), rest=TODAY),
    Rule("netease_rate", AnswerClass.RATE, words(r"\b(MI:(SFQ|CCL|CEL)|RP:(QRC|CCL|CEL))\b"), rest=Rest(QUARTER)),
    Rule("netease_host", AnswerClass.RATE, words(r"\b(HL:[A-Z]{2,4}|WM:BL[IU])\b"), rest=Rest(QUARTER)),
    Rule("netease_blocklist", AnswerClass.RATE, words(r"\bDT:RBL\b"), rest=Rest(4 * HOUR)),
    Rule("netease_sender", AnswerClass.SENDER, words(r"\bDT:SUM\b", r"\blocal user only\b")),
    Rule("netease_content", AnswerClass.CONTENT, words(r"\bDT:SP[A-Z]\b")),
    Rule("netease_policy", AnswerClass.PERMANENT, words(r"\bMI:(SPF|DMA|IMF|NHD|SPB)\b|\bRP:(FRL|RCL)\b")),
    # Tencent
    Rule(
        "tencent_rate",
        AnswerClass.RATE,
        words(r"(sender|domain|ip|connection|login) frequency (is )?limit"),
        rest=Rest(HOUR),
    ),
    Rule("tencent_antispam", AnswerClass.RATE, words(r"rejected by antispam server"), rest=Rest(2 * HOUR)),
    # Aliyun
    Rule("aliyun_rate", AnswerClass.RATE, words(r"behaviou?r spam|too frequently"), rest=Rest(HOUR)),
    # Yandex and DreamHost: a block of a day, and each try begins it anew
    Rule(
        "yandex_block",
        AnswerClass.RATE,
        words(r"\[1\] message rejected under suspicion of spam", r"policy rejection\W{1,4}quota"),
        rest=Rest(timedelta(days=1), probe_harms=True),
    ),
    # Yahoo, AOL
    Rule(
        "yahoo_deferred",
        AnswerClass.RATE,
        words(r"\[?\b(IP)?TSS?0?\d{1,2}\]", r"\bIPTS\d\d\b", r"\bVS1-IP\b|\bVS98-IP0\b|\bDYN:T\d|\bRLY:B[123]\b"),
        rest=Rest(2 * HOUR),
    ),
    # Outlook.com
    Rule("outlook_rate", AnswerClass.RATE, words(r"\bRP-00\d\b"), rest=Rest(HOUR)),
    # Tencent's and Amazon's interfaces, of which the SMTP answer quotes the error
    Rule("api_sender", AnswerClass.SENDER, words(r"NotAuthenticatedSender|MailFromDomainNotVerified")),
    Rule("api_account", AnswerClass.ACCOUNT, words(r"InsufficientBalance|InsufficientQuota|not authorized to perform")),
    Rule(
        "api_rate",
        AnswerClass.RATE,
        words(r"ExceedSendLimit|FrequencyLimit|RequestLimitExceeded|TooManyRequests|SubmissionQuotaExceeded"),
        rest=Rest(HOUR),
    ),
    Rule("api_recipient", AnswerClass.RECIPIENT, words(r"EmailAddrInBlacklist|NotSupportDomain|RecipientNotFound")),
    # Exchange: what the recipient's administrators allow, never what our login may
    Rule(
        "exchange_recipient",
        AnswerClass.RECIPIENT,
        words(r"\bRESOLVER\.(ADR(?!\.RecipLimit)|FWD|GRP|PF|RST\.(Auth|NotAuth|Sender|Restricted))|RecipNotFound"),
        statuses=words(r"5\.7\.(12\d|13[3-6])"),
    ),
    Rule("exchange_restricted", AnswerClass.RECIPIENT, words(r"\b5\.7\.(12\d|13[3-6])\b")),
    Rule(
        "sendas",
        AnswerClass.SENDER,
        words(r"SendAsDenied", r"permissions? to send (as|on behalf)", r"\b5\.7\.60\b"),
    ),
    Rule(
        "exchange_account",
        AnswerClass.ACCOUNT,
        words(r"bad outbound sender", r"spam abuse detected", r"\b5\.7\.64\b|TenantAttribution"),
        statuses=words(r"5\.7\.50[123]"),
    ),
    Rule(
        "office_rate",
        AnswerClass.RATE,
        words(r"tenant has exceeded|tenant external recipient rate|traffic not accepted from this IP"),
        # the recipients of a day, thresholds of an IP and a tenant, traffic that is not taken, throttling
        statuses=words(r"5\.1\.90|5\.7\.(508|705|708|23[2-6])|4\.7\.[56]\d\d"),
        rest=Rest(4 * HOUR),
    ),
    Rule(
        "office_basic",
        AnswerClass.LOGIN,
        words(r"basic authentication (is )?not supported", r"security defaults policy"),
        statuses=words(r"5\.7\.57|5\.7\.139"),
    ),
    # Gmail
    Rule(
        "gmail_relay",
        AnswerClass.SENDER,
        words(r"invalid credentials for relay"),
        stages=(MAIL, RCPT, DATA, ""),
    ),
    Rule(
        "gmail_rate",
        AnswerClass.RATE,
        words(r"unusual rate|very low reputation.{0,80}rate limited"),
        statuses=words(r"[45]\.7\.28|5\.4\.5"),
        rest=Rest(2 * HOUR),
    ),
    # Zoho
    Rule("zoho_sender", AnswerClass.SENDER, words(r"relaying disallowed")),
    Rule("zoho_account", AnswerClass.ACCOUNT, words(r"unusual sending activity", r"outgoing blocked")),
    # Sina
    Rule("sina_login", AnswerClass.LOGIN, words(r"^auth error\.?$"), stages=(LOGIN, "")),
    # SES, and whoever sends for many: one recipient is on its own list
    Rule(
        "suppressed",
        AnswerClass.RECIPIENT,
        words(r"suppress(ed|ion)", r"(?<!IP )address blacklisted", r"marked as inactive|inactive recipient"),
        stages=(RCPT, DATA, ""),
    ),
)
