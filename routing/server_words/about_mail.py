"""What servers say about one mail: its sender, its recipient, its content."""

from .answer_class import AnswerClass
from .rule import DATA, MAIL, RCPT, Rule, words

_ANY = (MAIL, RCPT, DATA, "")
_NO = r"\b(not|isn't|wasn't|doesn't|cannot|can't|never|un(able|verified|authori[sz]ed))\b"
_ALLOWED = r"(allowed|authori[sz]ed|permitted)"
_SENDER = (
    r"\b(sender|from|mail ?from|envelope.?(from|sender)|return.?path|reverse.?path|sending (domain|address|email))\b"
)
# A check of the domain, or of where the mail comes from on the network: not of who wrote it.
_NOT_THE_AUTHOR = words(
    r"\b(SPF|DKIM|DMARC)\b|domain (is )?not found|malformed dns|not logged in|could not complete",
    r"blocked using|spamhaus|black.?list|block.?list|DNSBL|\bRBL\b|\bIP\b.{0,40}not (allowed|authori[sz]ed)",
    r"\bfrom \[?\d{1,3}\.\d{1,3}\.|recipient|under suspicion|unverified address|reputation",
)
_HOST = words(
    r"\bIP\b|\bhost\b|connection|\bRBL\b|black.?list|block.?list|DNSBL|reverse dns|\bPTR\b|recipient",
    r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
)

LOOP = Rule("loop", AnswerClass.PERMANENT, words(r"\b(\d+|too many) hops\b|mail loop|hop count exceeded"))
MULTIPLE_FROM = Rule(
    "multiple_from", AnswerClass.PERMANENT, words(r"\bmultiple\b.{0,30} addresses\b|missing a valid address")
)
MANY_RECIPIENTS = Rule(
    "many_recipients",
    AnswerClass.PERMANENT,
    words(r"too (many|much) (recipients?|rcpts?)\b(?! (from|this|per|received))|RecipLimit|allow RCPT numbers"),
)
SENDER_VERIFIED = Rule(
    "sender_verified",
    AnswerClass.SENDER,
    words(
        r"sender verify fail|sender signature|verified sender|failed the check in region|unconfigured sending domain|"
        r"\bsender (does ?n.t|does not) match|sender not allowed"
    ),
    stages=_ANY,
)
NOT_OWN = Rule(
    "not_own",
    AnswerClass.SENDER,
    words(
        r"must (be (the )?same as|equal|match) (the )?(auth|login|user)|doesn't conform with authentication",
        r"(mis|does ?n.t |does not |not )match(es)?( with)? (the )?(auth|login|logged)",
        r"mail ?from\W{1,3}is non-local account|not local sender|owned by (\w{1,20} )?user",
        rf"{_NO} (one of your|a valid|your) (\w{{1,20}} )?(address|sender|identit)",
        rf"{_NO} {_ALLOWED}.{{0,12}} (to )?(use|send|relay)[a-z]* (from|as|with|using|emails? from|mail from) ",
        rf"{_NO} {_ALLOWED} (to (use|send (from|as)|relay) )?(for |with )?(this |the |that |your )?(header )?"
        r"(sender|address|from|identity)",
        rf"\bfrom\W{{1,3}}(sender )?(name|address|header)?.{{0,60}}{_NO} "
        rf"(valid|verified|{_ALLOWED}|accepted|owned|match)",
        r"from/sender name|from: domain is invalid|(incorrect|wrong|fake|blank|invalid) sender\b|emetteur invalide",
        r"sender (address )?(is )?(not (allowed|accepted)|rejected|refused|denied|unvalidated|invalid)|sender reject",
        r"denies the sender|sender address must|associated with your account",
        r"(domain|identit(y|ies)|e-?mail address(es)?|sender|address)\b.{0,60}"
        r"\b(is |are |was )?(not|n't|un)[ -]?(yet )?(been )?(verified|validated|confirmed|registered)",
        r"domain must be verified|verify (your|the sender) domain|"
        r"(spoof|impersonat)\w{1,5} (is )?not (allowed|permitted)",
        r"发(件|信)人.{0,20}(不一致|不匹配|不符)",
    ),
    unless=_NOT_THE_AUTHOR,
    stages=_ANY,
)
SENDER_UNKNOWN = Rule(
    "sender_unknown",
    AnswerClass.SENDER,
    words(r"sender address (is )?rejected.{0,60}domain (is )?not found"),
    stages=_ANY,
)
SENDER_INVALID = Rule(
    "sender_invalid",
    AnswerClass.SENDER,
    words(
        r"mail from (is )?(invalid|illegal|not valid|not allowed|denied|rejected)|\baddress (is )?invalid",
        r"envelope.{0,12}(mismatch|not authori[sz]ed|not allowed)|envolope sender",
        r"(user|mailbox|account|address)\b.{0,40}(unknown|not found|does(n't| not) exist|unavailable)",
        r"(unknown|no such|invalid) (user|mailbox|account|address)",
    ),
    stages=(MAIL,),
)
ABOUT_SENDER = Rule(
    "about_sender",
    AnswerClass.SENDER,
    words(rf"{_SENDER}.{{0,60}}{_NO}.{{0,40}}({_ALLOWED}|valid|verified|accepted|match|belong|yours|own)"),
    unless=_HOST,
    stages=(MAIL, DATA, ""),
)
# SPF, DKIM, DMARC authenticate the mail, not who logs in.
DOMAIN_CHECK = Rule(
    "domain_check",
    AnswerClass.PERMANENT,
    words(
        r"\b(SPF|DKIM|DMARC|sender.?id)\b|authentication (information|checks)|(sender|mail|email) is unauthenticated",
        r"anti.?spoofing|domain.?keys",
    ),
    stages=_ANY,
)
FULL = Rule(
    "full",
    AnswerClass.MAILBOX_FULL,
    words(
        r"(mailbox|mail box|inbox|account|user|boite|casella|postfach|buzón|storage)\b.{0,40}"
        r"\b(full|pleine|piena|voll|lleno|llena)\b|is full\b|recipient storage",
        r"over ?-?quota|quota.{0,20}exceed|exceed.{0,30}quota|(storage|disk) (allocation|space|limit|quota)|"
        r"out of (storage|space)|space not enough|not enough (storage )?space",
        r"(mailbox|inbox|account|user)\b.{0,30}(size|storage|space).{0,20}(limit|exceed)|已满|空间不足|容量(不足|已满|超|满)",
    ),
    unless=words(r"system (storage|resources)|queue|message size"),
    stages=(RCPT, DATA, ""),
    statuses=words(r"[45]\.2\.2"),
)
SIZE = Rule(
    "size",
    AnswerClass.CONTENT,
    words(
        r"\b(message|mail|attach(ment)?|size|data|header|content)\b.{0,30}too (large|big|long)|too (large|big|long)\b",
        r"exceed.{0,40} ?(mail|message|header)? ?size|\bsize\b.{0,30}(exceed|limit)|larger than|过大|太大",
        r"(length|number) of .{0,12}(data|attach).{0,40}(maximum|limit|exceed)|(attachments|header).{0,30}exceed",
    ),
    statuses=words(r"5\.3\.4|5\.2\.3"),
)
CONTENT = Rule(
    "content",
    AnswerClass.CONTENT,
    words(
        r"\bspam(my|med|ed)?\b|spamsignature|\bjunk|unsolicited|\bvirus|malware|infected|phish|anti-?spam|bulk mail|"
        r"\bHVU:|垃圾|病毒|敏感|违规",
        r"content (is |was |has been )?(reject|denied|present|filter)|rejected .{0,20}content|reject(ed)? by content",
        r"(illegal|forbidden|prohibited|blocked).{0,12}(attachment|extension|file)|inappropriate|objectionable|"
        r"attachment.{0,40}(not allowed|forbidden|blocked|denied|prohibited|illegal)",
        r"too many same|\blooping\b|(mail|message) is blocked|blocked because its content|potential security issue|"
        r"suspicious (content|attachment|link|url)|mail is rejected by recipients|\burl\b.{0,30}(block|listed)",
        r"\bnot RFC|\b[25](3|8)22 compliant|malformed (message|mail|header)|bare (LF|line feed)|invalid characters",
    ),
    unless=words(
        # a spam list names a host, and what a mail is refused for is then no matter of its content
        r"spamhaus|spamcop|\bRBL\b|DNSBL|black.?list|block.?list|blocked using|client host|spam(mer)? list|"
        r"suspected spam ip|hostkarma|reputation",
        r"recipient address|sender address|gr[ea]y ?list|anti-?spoof",
    ),
    stages=_ANY,
    statuses=words(r"5\.6\.\d{1,3}"),
)
GREYLIST = Rule(
    "greylist",
    AnswerClass.TEMPORARY,
    words(
        r"gr[ea]y ?-?list|try again (in|after) \d|come back later|will retry|retry (later|in)\b|failure sending mail"
    ),
    stages=_ANY,
)
RELAY = Rule(
    "relay",
    AnswerClass.PERMANENT,
    words(
        r"\brelay(ing)?\b.{0,40}(denied|\bnot\b|prohibit|check|refus|reject|disallow|access)|"
        r"denies relay|unable to relay|not configured to relay"
    ),
    stages=_ANY,
)
UNKNOWN = Rule(
    "unknown",
    AnswerClass.RECIPIENT,
    words(
        r"\b(user|recipient|rcpt|rcptto|mailbox|address|account|addressee|mail ?box|alias)\b.{0,60}\b"
        r"(unknown|not (be )?(found|exist|known|listed|valid|available|active|accept|a? ?local)|isn't a local|"
        r"(does|do|did)(n't| not) exist|dosn't exist|don.t exist|disabled|inactive|suspended|unavailable|invalid|"
        r"expired|deactivated|discontinued|closed|rejected|hangup|locked|blocked|frozen|no longer)",
        r"\b(unknown|no such|invalid|bad|not a valid|non.?existent|inactive|expired|deactivated|disabled|unavailable|"
        r"illegal) (local |mail |or illegal )?(user|recipient|mailbox|rcpt|rcptto|address|account|alias|person|"
        r"email|destination)",
        r"no mailbox here|isn't allowed to receive|(couldn't|could not|wasn't|was not) (be )?found|user doesn't have|"
        r"unrouteable|unroutable|address syntax|not user of this server|recipient.{0,20}(reject|denied|refus)",
        r"rcpt is rejected|no longer (valid|exist|active|available|accept)|does not have an? .{0,20}account",
        r"destinataire.{0,20}(invalide|inconnu)|empfänger.{0,20}(unbekannt|existiert)|unbekannter|inconnu|sconosciuto|"
        r"desconocido|nie istnieje|не существует|не найден",
        r"(用户|账号|帐号|邮箱|地址|收件人|账户).{0,40}(不存在|有误|错误|无效|被?禁用|停用|找不到)|"
        r"(无此|没有此|查无此).{0,3}(用户|人|邮箱)",
    ),
    unless=words(r"transaction failed|\bsender\b"),
    stages=(RCPT, DATA, ""),
    statuses=words(r"5\.1\.(0|1|2|3|4|6|10)|5\.2\.1|5\.4\.1"),
)
