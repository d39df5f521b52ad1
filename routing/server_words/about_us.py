"""What servers say about whoever sends through them: encryption, how much, the account, the login, the host."""

from datetime import timedelta

from .answer_class import AnswerClass
from .rule import CONNECT, DATA, LOGIN, MAIL, RCPT, Rest, Rule, words

HOUR = timedelta(hours=1)
_ANY_MAIL = (MAIL, RCPT, DATA, "")
_STATE = r"(blocked|suspended|locked|disabled|restricted|frozen|compromised|terminated|deactivated)"
# It is the account of whom a mail is for.
_OF_RECIPIENT = words(r"recipient account|that you (tried|are trying) to reach|cannot be delivered|receive")

ENCRYPTION = Rule(
    "encryption",
    AnswerClass.CONNECTION,
    words(
        r"\bSTARTTLS\b|without (SSL|TLS)|\b(SSL|TLS)( encryption)? (is )?(required|needed|mandatory|not available)",
        r"(requires?|must use|need) (a )?(secure|encrypted|TLS|SSL)\b|encryption (is )?(required|needed)",
    ),
)
GREETING = Rule(
    "greeting",
    AnswerClass.CONNECTION,
    words(
        r"\bhelo ?host|\bsmtp ?port check|(send|say|need) (helo|ehlo)(/ehlo)? first|\bbad helo|"
        r"(helo|ehlo) (command|argument)",
        r"no (smtp )?service here",
    ),
    unless=words(r"\bauth\b"),
    stages=(CONNECT, LOGIN, MAIL),
)
RECIPIENT_RATE = Rule(
    "recipient_rate",
    AnswerClass.TEMPORARY,
    words(
        r"(user|recipient|mailbox|account)\b.{0,60}(receiving mail (too|at)|has exceeded message rate|"
        r"rate that prevents)"
    ),
)
UNSIGNED_RATE = Rule(
    "unsigned_rate",
    AnswerClass.RATE,
    words(r"rate limited.{0,60}\b(unauthenticated|SPF|DKIM|DMARC|From: header)"),
    rest=Rest(HOUR),
)
SESSION_RATE = Rule(
    "session_rate",
    AnswerClass.RATE,
    words(
        r"\b(per|this|in one|in a|single|each|same) (smtp )?(connection|session)\b",
        r"\bmax(imum)? (number of )?messages? (per|in)\b|\b(open|start) a new session",
    ),
    unless=words(r"timeout|concurrent|simultaneous"),
    rest=Rest(new_session=True),
)
DAY_RATE = Rule(
    "day_rate",
    AnswerClass.RATE,
    words(
        r"\bdaily .{0,40}(limit|quota)|exceeded your daily|当天|今日|当日",
        r"(limit|quota).{0,40}\b(a|per|this|for the|in one|last 24|24) ?(day|hours)\b",
        r"(received|sent|send|more).{0,20} (today|this day)\b|\b(per|in a|one) day\b.{0,40}(limit|exceed|reach)",
        r"too (many|much)\b.{0,30}\b(per day|today|a day)",
    ),
    rest=Rest(4 * HOUR, today=True),
)
RATE = Rule(
    "rate",
    AnswerClass.RATE,
    words(
        r"\b(rate|send(ing)?|relay|thread|connections?|submission|messages?|mails?|hourly|outgoing|burst|e?mail send)"
        r" ?(\w{1,20} )?(limit|quota|threshold)s? (is |was |has been |have been )?(exceeded|reached|hit)",
        r"(submission|sending|messages?) ?quota|quota (limit )?(of|for) (sent|sending|outgoing)|ratelimit|"
        r"\b(sending|send|submission|connection|message|mail) rate\b|\brate.?limit|throttl",
        r"\bper (second|minute|hour|day)\b|(received|sent|messages|recipients) (this|in one|an|per) hour|"
        r"exceed.{0,40}(sending|outgoing|hourly|daily|submission)|outgoing limit|"
        r"recipients? limit exceeded|outgoing messages was exceeded",
        r"frequen(cy|tly).{0,20}(limit|exceed)|too frequent|RCPT(s| attempts)? is achieved the maximum|"
        r"connection limit|max(imum)? (number of )?(concurrent )?(connections|sessions)|concurrent connections",
        r"too (many|much) (concurrent|simultaneous|connections?|sessions|messages?|mails?|e-?mails?|log ?in|requests|"
        r"spams?|errors?|bad|fail|invalid|incorrect|auth|unknown|commands|attempts|wrong|new|sends|times|recent)",
        r"(attempts|failures|logins|errors)\b.{0,20}too (many|often)|auth(entication)? error limit",
        # what Postfix' anvil counts; without "from", 452 is about the recipients of this mail
        r"too many (recipients|AUTH commands) (from|this|per)\b",
        r"sent too (many|much|fast|quickly)|\btoo (fast|quickly)\b|excessive (volume|rate)|slow(ing)? down|"
        r"unexpected volume|user complaints|\btrop de\b|\bzu viele\b",
        r"发(信|送)(频率|数量)|过于频繁|频率(超|限|过)|次数(超|过多)|频繁",
    ),
)
BUSY_LOGIN = Rule(
    "busy_login",
    AnswerClass.RATE,
    words(r"(system|server|service) (is )?(too )?busy|系统繁忙|稍后再试|try again later"),
    unless=words(r"temporary authentication failure|temporarily unavailable"),
    stages=(LOGIN,),
    rest=Rest(HOUR),
)
ACCOUNT_QUOTA = Rule(
    "account_quota",
    AnswerClass.ACCOUNT,
    words(
        r"maximum credits|\b(credit|balance)s?\b.{0,30}(exceed|exhaust|used up|insufficient|not enough|expired)|"
        r"(insufficient|not enough) (credit|balance|funds)",
        r"e-?mail quota exceeded|\b(plan|subscription|monthly|email)\b.{0,30}(limit|quota)s?.{0,20}(reach|used up)",
        r"exceeded your (messaging|plan|account|monthly)|quota (is )?used up|upgrade your plan|"
        r"欠费|余额不足|额度.{0,6}(不足|用完)",
    ),
    unless=words(r"mailbox|recipient'?s? (account|quota)|storage|over quota"),
)
ACCOUNT_SENDING = Rule(
    "account_sending",
    AnswerClass.ACCOUNT,
    words(
        r"\bsending (is |was |has been )?(suspended|denied|disabled|paused|blocked)|suspended for this account",
        r"outgoing (mail|e-?mail)\b.{0,60}(suspended|blocked|disabled)|mail server has been suspended",
        rf"\b(your|smtp|sender'?s?|sending) (\w{{1,20}} )?account\b.{{0,60}}({_STATE}|not (yet )?(been )?activ)",
        r"account.{0,40}(not (yet )?(been )?(activ|approved)|pending|under review)|pending approval|\bactivate your\b",
        r"account (isn't|is not) allowed to send|unauthenticated senders not allowed|IP address is not allowed to send",
    ),
    unless=_OF_RECIPIENT,
)
ACCOUNT_USER = Rule(
    "account_user",
    AnswerClass.ACCOUNT,
    words(
        rf"\b(this|the|user|email) (\w{{1,20}} )?account\b.{{0,60}}{_STATE}",
        rf"\buser (is |has been )?{_STATE}|user in blacklist|账(号|户).{{0,10}}(冻结|停用|封|锁|异常)",
        r"not (allowed|permitted) to send (any )?(mail|email|messages?)\b(?! (from|as|to))",
    ),
    unless=words(r"recipient|authentication unsuccessful"),
    stages=(LOGIN, MAIL),
)
PASSWORD = Rule(
    "password",
    AnswerClass.LOGIN,
    words(
        r"PASSERR|username and password|password (is )?(incorrect|wrong|invalid)|授权码|密码(错误|有误)|"
        r"application.?(specific)? password|parol prilozheniya",
    ),
    stages=(LOGIN, ""),
)
LOGIN_NEEDED = Rule(
    "login",
    AnswerClass.LOGIN,
    words(
        r"authentication (is )?(required|fail|unsuccessful)|without authentication|client .{0,10}not authenticated|"
        r"not logged in|username and password|SMTP authentication|please authenticate|\bauth required",
        r"(need|requires?|use|enable|turn on) .{0,20}\bauth|(\bauth( command)?|authenticate|log ?in) first",
    ),
    unless=words(r"recipient address|mailbox|temporar"),
)
BLOCKLIST = Rule(
    "blocklist",
    AnswerClass.PERMANENT,
    words(
        r"spamhaus|spamcop|\bRBL\b|DNSBL|black.?list|block.?list|blocked using|black ip|deny ?list|barracudacentral|"
        r"cloudmark|reputation|banned sender|spam(mer)? list|suspected spam ip|bounce attack|bad sender\b",
        r"\b(banned|bad|blocked) (sending )?IP\b|invalid IP|reverse DNS|\bPTR\b|rDNS|"
        r"open ?relay|blocked by\b|:blocked\b",
        r"\bIP( address)?\b.{0,40}(reject|refus|block|banned|denied|listed|hangup|hung|not authori[sz]ed)",
        r"\bhost\b.{0,60}(reject|refus|block|banned|denied|listed)|connection (denied|refused|rejected)",
        r"refused.{0,20}\bsee\b|due to policy|policy reasons",
    ),
    unless=words(r"recipient address rejected: (user|access)|user unknown|no such user"),
    stages=(CONNECT, LOGIN, *_ANY_MAIL),
)
