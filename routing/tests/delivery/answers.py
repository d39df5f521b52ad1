"""Answers of servers: class, provider, stage, answer.

Those with a provider are real, as people and the providers' own pages report them, cut where they are long. The others
say one thing alone, so that each alternative of each rule has a row that needs it.
"""

from pathlib import Path

SENDER = """
Tencent Exmail   | mail  | 501 mail from address must be same as authorization user
NetEase          | mail  | 553 Mail from must equal authorized user
NetEase          | data  | 554 DT:SUM 163 smtp12,EeGowABX3x9yZ2Bl
Aliyun           | mail  | 440 mail from account doesn't conform with authentication
Aliyun           | mail  | 501 "MAIL FROM" is non-local account
Yandex           | mail  | 553 5.7.1 Sender address rejected: not owned by auth user.
Postfix          | rcpt  | 553 5.7.1 <x@a.com>: Sender address rejected: not owned by user y@a.com
Exchange         | data  | 550 5.7.60 SMTP; Client does not have permissions to send as this sender [BY2PR1001MB1094]
Office 365       | data  | 554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied
Office 365       |       | 554 5.2.252 SendAsDenied; x@a.com not allowed to send as y@a.com
Postfix          | rcpt  | 550 5.1.8 <x@a.com>: Sender address rejected: Domain not found
iCloud           | data  | 550 5.7.0 From address is not one of your addresses
"""

RECIPIENT = """
Postfix          | rcpt  | 550 5.1.1 <x@a.com>: Recipient address rejected: User unknown in local recipient table
Gmail            | rcpt  | 550 5.1.1 The email account that you tried to reach does not exist. Please try - gsmtp
Gmail            | rcpt  | 553 5.1.3 The recipient address <x@> is not a valid RFC 5321 address. - gsmtp
Office 365       |       | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@a.com not found by SMTP address lookup
Office 365       | rcpt  | 550 5.4.1 [x@a.com]: Recipient address rejected: Access denied [CY1GCC01FT007]
Exim             | rcpt  | 550 No Such User Here
Exim             | rcpt  | 550 Unrouteable address
QQ               | rcpt  | 550 Mailbox not found. http://service.exmail.qq.com/cgi-bin/help?no=1000728
QQ               |       | 550 Mailbox unavailable or access denied
NetEase          | rcpt  | 550 User suspended: x@163.com
NetEase          | rcpt  | 550 Invalid User: x@163.com
Aliyun           | rcpt  | 554 RCPT (x@a.com) dosn't exist
Aliyun           | rcpt  | 553 "RCPT TO" mailbox unavailable
Aliyun           | rcpt  | 542 This account isn't allowed to receive email
Yahoo            | rcpt  | 554 delivery error: dd This user doesn't have a yahoo.com account: user unknown
Sendmail         | rcpt  | 550 5.1.1 <x@a.com>... User unknown
qmail            | rcpt  | 550 sorry, no mailbox here by that name (#5.1.1)
RFC 5321         |       | 550 Requested action not taken: mailbox unavailable
RFC 5321         | rcpt  | 551 User not local; please try <y@b.com>
RFC 5321         | rcpt  | 553 Requested action not taken: mailbox name not allowed
-                |       | 550 5.1.1 rejected
-                |       | 550 5.4.1 rejected
-                |       | 550 5.2.1 rejected
-                |       | 550 No such user here
-                |       | 550 sorry, no mailbox here by that name
-                |       | 550 RESOLVER.ADR.RecipientNotFound
-                |       | 554 <x@a.com>: Recipient address rejected: Access denied
-                |       | 550 收件人不存在
"""

MAILBOX_FULL = """
Gmail            | rcpt  | 452 4.2.2 The email account that you tried to reach is over quota. - gsmtp
Gmail            | rcpt  | 552 5.2.2 The email account that you tried to reach is over quota. - gsmtp
-                | data  | 552 5.2.2 <x@a.com> Quota exceeded (mailbox for user is full)
Aliyun           | rcpt  | 552 mailbox is full
RFC 5321         | rcpt  | 552 Requested mail action aborted: exceeded storage allocation
-                | rcpt  | 452 <x@a.com> mailbox is full
Exchange         |       | 554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException
-                | data  | 552 5.2.2 mailbox full, transaction failed
-                | rcpt  | 552 收件人邮箱空间不足
-                | rcpt  | 452 try again later
-                | data  | 550 user is over quota
-                | rcpt  | 552 Quota of the user exceeded
-                | rcpt  | 550 This would exceed the quota
-                | rcpt  | 552 user is out of storage
-                | rcpt  | 550 邮箱已满
-                | rcpt  | 550 容量不足
"""

CONTENT = """
NetEase          | data  | 554 DT:SPM 163 smtp5,D9GowACXJ0lZ
NetEase          | data  | 552 Requested mail action aborted: exceeded mailsize limit
NetEase          | data  | 552 Illegal Attachment
Tencent          | data  | 550 Mail content denied. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022
Tencent          | data  | 550 Error: content rejected. http://mail.qq.com/zh_CN/help/content/rejectedmail.html
Tencent          | data  | 550 Suspected spam sender
Aliyun           | data  | 554 Reject by content spam
Aliyun           | data  | 551 virus infected mail rejected
Aliyun           | data  | 510 The length of DATA content is achieved the maximum threshold
Aliyun           | data  | 510 The length of Attach is achieved the maximum threshold
Gmail            | data  | 552 5.2.3 Your message exceeded Google's message size limits. - gsmtp
Gmail            | data  | 552 5.7.0 This message was blocked because its content presents a potential security issue.
Gmail            | data  | 550 5.7.1 Our system has detected that this message is likely unsolicited mail. - gsmtp
Office 365       | mail  | 552 5.3.4 Message size exceeds fixed maximum message size
-                | data  | 554 5.2.0 STOREDRV.Deliver; message too large
Postfix          | mail  | 552 5.3.4 Message size exceeds fixed limit
Postfix (amavis) | data  | 554 5.7.0 Reject, id=12-34 - INFECTED: Eicar-Test-Signature
rspamd           | data  | 554 5.7.1 Spam message rejected
Yandex           | data  | 554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc
Exim             | data  | 550 This message contains a virus (Eicar-Test-Signature).
Sina             | data  | 552 message rejected by anti-spam engine.
-                | mail  | 552 5.3.4 rejected
-                | data  | 552 5.2.3 rejected
-                | data  | 554 5.6.1 Body type not supported by Remote Host
-                | data  | 554 rejected due to content restrictions
-                | data  | 554 This looks like junk
-                | data  | 550 malware found
-                | data  | 550 phishing URL found
-                | data  | 550 Unsolicited bulk mail
-                | mail  | 552 Size of 30 MB is over the limit on the size: exceeded
-                | mail  | 552 This exceeds the permitted size
-                | data  | 554 垃圾邮件
-                | data  | 554 邮件含有病毒
-                | data  | 552 邮件过大
-                | data  | 552 附件太大
"""

TEMPORARY = """
Postgrey         | rcpt  | 450 4.2.0 <x@a.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch
Postfix          | rcpt  | 451 4.7.1 Greylisting in action, please come back later
Postfix          | rcpt  | 450 4.1.8 <x@a.com>: Sender address rejected: Domain not found
Postfix          | rcpt  | 450 4.1.1 <x@a.com>: Recipient address rejected: unverified address
Postfix          | mail  | 452 4.3.1 Insufficient system storage
Postfix          | rcpt  | 452 4.5.3 Error: too many recipients
Postfix          | data  | 451 4.3.0 Error: queue file write error
Gmail            | rcpt  | 450 4.2.1 The user you are trying to contact is receiving mail too quickly. - gsmtp
Gmail            | rcpt  | 452 4.5.3 Your message has too many recipients. - gsmtp
Gmail            | data  | 451 4.3.0 Mail server temporarily rejected message. - gsmtp
Gmail            | rcpt  | 452 4.5.3 Domain policy size per transaction exceeded, please try this recipient in another
Exchange         | data  | 452 4.3.1 Insufficient system resources
Exchange         | rcpt  | 450 4.7.0 Proxy session setup failed on Frontend with '451 4.4.0 Primary target IP address'
Yandex           | mail  | 451 4.7.1 Sorry, the service is currently unavailable. Please come back later.
NetEase          | data  | 451 DT:SPM ,please try again
Aliyun           | mail  | 450 "MAIL FROM" mailbox unavailable
Sendmail         | rcpt  | 451 4.1.8 Domain of sender address x@a.com does not resolve
RFC 5321         | mail  | 452 Requested action not taken: insufficient system storage
RFC 5321         |       | 451 Requested action aborted: error in processing
-                | mail  | 452 try again later
-                |       | 499
-                |       | 452 Requested action not taken: insufficient system storage
-                | rcpt  | 452 too many recipients
"""

RATE = """
NetEase          | login | 451 Requested mail action not taken: too much fail authentication
QQ               | login | 535 Login fail. Account is abnormal, login frequency limited, or system is busy.
NetEase          | rcpt  | 450 MI:SFQ 163 smtp2
NetEase          | rcpt  | 451 MI:SFQ
NetEase          | data  | 450 MI:DMC 126 smtp3
NetEase          | mail  | 421 HL:REP 163 smtp3
NetEase          | connect | 421 HL:ICC 163 mx9
NetEase          | mail  | 554 MI:STC 163 smtp7
NetEase          | rcpt  | 451 RP:QRC 163 smtp7
Tencent Exmail   | rcpt  | 550 Domain frequency limited
Tencent Exmail   | mail  | 550 Sender frequency limited. http://service.mail.qq.com/cgi-bin/help?no=1000723
QQ               | connect | 550 Connection frequency limited
QQ               | rcpt  | 550 Ip frequency limited. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022
Aliyun           | data  | 554 Reject by behaviour spam
Aliyun           | data  | 454 Transient reject by behaviour spam
Aliyun           | rcpt  | 504 the number of RCPT attempts is achieved the maximum threshold
Aliyun           | rcpt  | 505 the total of RCPTs is achieved the maximum threshold
Gmail            | data  | 550 5.4.5 Daily user sending limit exceeded. For more information - gsmtp
Gmail            | rcpt  | 550 5.4.5 Daily SMTP relay limit exceeded for user. - gsmtp
Gmail            | data  | 421 4.7.28 Our system has detected an unusual rate of unsolicited mail from your IP
Gmail            | rcpt  | 450 4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error.
Gmail            | login | 454 4.7.0 Too many login attempts, please try again later. - gsmtp
Office 365       | data  | 432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded [Hostname=DM5SPR00MB2471]
Office 365       | data  | 432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending
Office 365       | data  | 554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException
Office 365       | data  | 550 5.1.90 Your message can't be sent because you've reached your daily limit for email
Office 365       |       | 550 5.7.705 Access denied, tenant has exceeded threshold.
Office 365       | mail  | 550 5.7.708 Access denied, traffic not accepted from this IP.
Office 365       | rcpt  | 451 4.7.500 Server busy. Please try again later from [1.2.3.4]. (S77719)
Exchange         | mail  | 421 4.4.2 Message submission rate for this client has exceeded the configured limit
Exchange         | connect | 421 4.3.2 The maximum number of concurrent connections has exceeded a limit
Postfix          | connect | 421 4.7.0 mx.a.com Error: too many connections from 1.2.3.4
Postfix          | connect | 421 4.7.0 mx.a.com Error: too many new TLS sessions from 1.2.3.4
Postfix          | login | 450 4.7.1 Error: too many AUTH commands from 1.2.3.4
Postfix          | rcpt  | 450 4.7.1 Error: too many recipients from 1.2.3.4
Postfix          | mail  | 450 4.7.1 Error: too much mail from 1.2.3.4
policyd          | rcpt  | 450 4.7.1 <x@a.com>: Recipient address rejected: Policy rejection; Message quota exceeded
RFC 3463         | rcpt  | 450 4.7.1 Requested action not taken: rate limit exceeded
postfwd          | rcpt  | 450 4.7.1 Number messages per hour exceeded
cPanel (Exim)    | rcpt  | 550 Domain a.com has exceeded the max emails per hour (100/100 (100%)) allowed.
Plesk            | data  | 550 5.7.0 The limit on the number of allowed outgoing messages was exceeded.
Amazon SES       | data  | 454 Throttling failure: Maximum sending rate exceeded.
Amazon SES       | data  | 454 Throttling failure: Daily message quota exceeded.
-                | mail  | 421 4.7.0 Too many messages
DreamHost        | rcpt  | 550 Policy Rejection- Quota Exceeded. Email sent too fast.
-                | data  | 550 5.7.28 Mail from your IP address was blocked for a while. - gsmtp
-                | data  | 421 4.7.0 Our system has detected an unusual rate of unsolicited mail
-                | data  | 550 5.4.5 You have reached a limit for sending mail. - gsmtp
-                | data  | 550 Daily sending quota exceeded
-                | data  | 550 5.1.90 Your message can't be sent now.
-                | rcpt  | 450 Ratelimit reached
-                | rcpt  | 550 Sender rate limit 30.0 / 1h
-                | data  | 454 Throttling failure
-                | rcpt  | 550 Policy Rejection- Quota Exceeded
-                | rcpt  | 550 Too many recipients received this hour
-                | mail  | 550 You have exceeded your daily allowance
-                | mail  | 550 You have sent too much today
-                | mail  | 550 Daily quota used up
-                | mail  | 550 发信频率受限
-                | mail  | 550 频率超限
-                | mail  | 550 发送数量已达上限
-                | mail  | 550 操作过于频繁
"""

ACCOUNT = """
Office 365       | data  | 550 5.1.8 Access denied, bad outbound sender. AS(42003)
Aliyun           | mail  | 541 This account isn't allowed to send email
-                | data  | 554 Sending suspended
-                | rcpt  | 550 Outgoing mail of a.com is blocked
-                | data  | 550 Your account has been terminated
-                | data  | 550 Your account is not activated
-                | data  | 550 This account is pending
-                | mail  | 550 Please activate your mailbox
-                | login | 535 Maximum credits exceeded
-                | mail  | 550 Insufficient balance
-                | data  | 550 The limit of your plan: email limit reached
-                | data  | 550 You exceeded your plan
-                | mail  | 550 user frozen
-                | mail  | 550 this account is locked
-                | mail  | 550 账户被冻结
-                | mail  | 550 余额不足
"""

LOGIN = """
QQ               | login | 535 Login Fail. Please enter your authorization code to login. More information in help
QQ               | mail  | 503 Error: need EHLO and AUTH first !
NetEase          | login | 535 Error: authentication failed
NetEase          | login | 550 User has no permission
NetEase          | mail  | 553 authentication is required,163 smtp5
Aliyun           | login | 526 Authentication failure[0]
Aliyun           | login | 524 username or passwd is NULL
Gmail            | login | 534 5.7.9 Application-specific password required. - gsmtp
Gmail            | login | 535 5.7.8 Username and Password not accepted. - gsmtp
Gmail            | mail  | 530 5.7.0 Authentication Required. - gsmtp
Office 365       | login | 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.
Office 365       | login | 535 5.7.3 Authentication unsuccessful [BN3PR03CA0067.namprd03.prod.outlook.com]
Office 365       | data  | 550 5.7.30 Basic authentication is not supported for Client Submission.
Office 365       | mail  | 530 5.7.57 Client not authenticated to send mail.
Yandex           | login | 535 5.7.8 Error: authentication failed: Invalid user or password!
Yandex           | mail  | 503 5.5.4 Error: send AUTH command first.
Postfix          | login | 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6
Exim             | login | 535 Incorrect authentication data
-                | login | 504 5.7.4 Unrecognized authentication type
-                | mail  | 550 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM
-                | mail  | 503 need AUTH command
"""

CONNECTION = """
Gmail            | mail  | 530 5.7.0 Must issue a STARTTLS command first. - gsmtp
Postfix          | login | 454 4.7.0 Temporary authentication failure: Connection lost to authentication server
Postfix          |       | 454 4.7.0 Temporary authentication failure: generic failure
Postfix          | connect | 454 4.7.0 TLS not available due to local problem
Postfix          | mail  | 421 4.4.2 mx.a.com Error: timeout exceeded
Postfix          | connect | 554 5.7.1 Service unavailable; Client host [1.2.3.4] blocked
Gmail            | data  | 421 4.3.0 Temporary System Problem.  Try again later (10). cx5-20020a17090afd85 - gsmtp
Gmail            | mail  | 421 4.7.0 Try again later, closing connection. - gsmtp
Gmail            | data  | 451 4.4.2 Timeout - closing connection. - gsmtp
Amazon SES       | mail  | 451 4.4.2 Timeout waiting for data from client.
Exchange         | connect | 421 4.3.2 Service not available
RFC 5321         |       | 421 Service not available, closing transmission channel
RFC 5321         | connect | 554 No SMTP service here
-                | mail  | 250 OK
-                |       | 354 Start mail input
-                |       | 451 auth error
-                |       | 454 4.3.0 TLS not available due to local problem
-                | rcpt  | 451 4.7.0 closing transmission channel
"""

PERMANENT = """
Postfix          | rcpt  | 554 5.7.1 <x@a.com>: Relay access denied
Exchange         | rcpt  | 550 5.7.1 Unable to relay
Postfix          | rcpt  | 554 5.7.1 Service unavailable; Client host [1.2.3.4] blocked using zen.spamhaus.org
Postfix          | mail  | 503 5.5.1 Error: nested MAIL command
Postfix          | mail  | 501 5.1.7 Bad sender address syntax
Postfix          | data  | 554 5.5.1 Error: no valid recipients
Gmail            | data  | 550 5.7.26 This mail has been blocked because the sender is unauthenticated. - gsmtp
QQ               | data  | 550 DMARC check failed http://service.mail.qq.com/cgi-bin/help?subtype=1&&no=1001508
-                | data  | 550 5.7.1 DMARC authentication failed
Exchange         | rcpt  | 550 5.5.3 RESOLVER.ADR.RecipLimit; too many recipients
QQ               | mail  | 502 Invalid input from 113.87.161.252 to newxmesmtplogicsvrszb1.qq.com.
QQ               | data  | 550 The "From" header is missing or invalid. Please follow RFC5322
NetEase          | mail  | 500 Error: bad syntax
Office 365       | data  | 550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains
RFC 5321         |       | 554 Transaction failed
RFC 5321         | mail  | 555 MAIL FROM/RCPT TO parameters not recognized or not implemented
"""


NAMES = (
    "SENDER",
    "RECIPIENT",
    "MAILBOX_FULL",
    "CONTENT",
    "TEMPORARY",
    "RATE",
    "ACCOUNT",
    "LOGIN",
    "CONNECTION",
    "PERMANENT",
)


def published(name):
    """Yield (stage, classes that would do, code, text, whose) of the answers in a table beside this file."""
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            stage, classes, answer, whose = line.split("\t")[:4]
            code, _space, text = answer.partition(" ")
            yield stage, classes.split("/"), int(code), text, whose


def rows():
    """Yield (class name, provider, stage, code, text) of each answer."""
    for name in NAMES:
        for line in globals()[name].strip().splitlines():
            provider, stage, answer = (part.strip() for part in line.split("|", 2))
            code, _space, text = answer.partition(" ")
            yield name, provider, stage, int(code), text
