"""Mails as providers send them, shortened: bounces, and mails that only look like one."""

import email
from email import policy
from email.message import EmailMessage

OUR_ID = "<820342.1700000000.5-openerp-7-res.partner@odoo.a.com>"
GONE = "gone@customer.com"
ORIGINAL = f"""\
Message-Id: {OUR_ID}
References: <1.2-openerp-7-res.partner@odoo.a.com> {OUR_ID}
X-Odoo-Objects: res.partner-7
Subject: Order S01
From: Zhi <box@a.com>
To: {GONE}

Dear customer
"""


def parse(text):
    """Return a raw mail as Odoo reads it."""
    return email.message_from_bytes(text.encode("utf-8", "surrogateescape"), policy=policy.SMTP)


def mail(body="", subtype="plain", **headers):
    """Return a mail of one text part; ``Return_Path`` stands for Return-Path, an ``attached`` text for the original."""
    attached = headers.pop("attached", None)
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body, subtype=subtype)
    if attached:
        message.add_attachment(email.message_from_string(attached, policy=policy.default), filename="original.eml")
    return parse(message.as_string())


def report(
    *recipients,
    sender="MAILER-DAEMON@mx.customer.com",
    subject="Undelivered Mail Returned to Sender",
    text="See below.",
):
    """Return a report (RFC 3464); each recipient is the text of its group of fields."""
    groups = "\n".join(f"{recipient}\n" for recipient in recipients)
    return parse(
        f"""\
Return-Path: <>
From: {sender}
To: bounce@a.com
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

{text}

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.com

{groups}
--B
Content-Type: message/rfc822

{ORIGINAL}
--B--
"""
    )


def recipient(action="failed", status="5.1.1", said="550 5.1.1 User unknown", final=GONE, original=""):
    """Return the group of fields about one recipient."""
    lines = [f"Original-Recipient: rfc822;{original}" if original else "", f"Final-Recipient: rfc822; {final}"]
    lines += [f"Action: {action}", f"Status: {status}", f"Diagnostic-Code: smtp; {said}"]
    return "\n".join(line for line in lines if line)


POSTFIX_TEXT = f"""\
This is the mail system at host mx.customer.com.

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

<{GONE}>: host mail.customer.com[192.0.2.1] said: 552 5.2.2 Mailbox full (in reply to RCPT TO command)
"""

QMAIL = mail(
    f"""\
Hi. This is the qmail-send program at mx.customer.com.
I'm afraid I wasn't able to deliver your message to the following addresses.

<{GONE}>:
192.0.2.1 does not like recipient.
Remote host said: 550 no such user here
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

{ORIGINAL}""",
    Return_Path="<>",
    From="MAILER-DAEMON@mx.customer.com",
    Subject="failure notice",
)

EXIM = mail(
    f"""\
This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients.

  {GONE}
    host mail.customer.com [192.0.2.1]
    SMTP error from remote mail server after RCPT TO: 550 Unrouteable address, no such user

------ This is a copy of the message, including all the headers. ------

{ORIGINAL}""",
    From="Mail Delivery System <Mailer-Daemon@mx.customer.com>",
    Auto_Submitted="auto-replied",
    X_Failed_Recipients=GONE,
    Subject="Mail delivery failed: returning message to sender",
)

QQ = mail(
    f"""\
<html><head><style>td {{color: red}}</style></head><body><div>抱歉，您的邮件被退回来了……</div><table>
<tr><td>原邮件信息：</td><td>主题 Order S01<br>收件人 {GONE}</td></tr>
<tr><td>退信原因：</td><td>收件人邮件地址（{GONE}）不存在，邮件无法送达。<br>
host mx3.qq.com[192.0.2.3] said: 550 Mailbox not found. http://service.mail.qq.com</td></tr>
<tr><td>解决方案：</td><td>请联系您的收件人，重新核实邮箱地址</td></tr></table></body></html>""",
    "html",
    From="PostMaster@qq.com",
    Subject="系统退信/Systems bounce",
    attached=ORIGINAL,
)

NETEASE = mail(
    f"<p>很抱歉，您发送的邮件未能送达以下收件人：<b>{GONE}</b></p>"
    "<p>退信代码：552 User's mailbox full / 对方邮箱空间不足</p>",
    "html",
    From="Postmaster@163.com",
    Subject="系统退信",
    Return_Path="<>",
    In_Reply_To=OUR_ID,
)

ALIYUN = mail(
    f"您的邮件投递失败。\n收件人：{GONE}\n原因：554 DT:SPM 邮件被对方判为垃圾邮件\n",
    From="postmaster@aliyun.com",
    Subject="邮件投递失败",
    References=OUR_ID,
)

EXCHANGE = mail(
    f"""\
<html><body><p><b>Delivery has failed to these recipients or groups:</b></p>
<p><a href="mailto:{GONE}">{GONE}</a><br>The email address you entered couldn't be found.</p>
<p>Diagnostic information for administrators:</p><p>Generating server: EX01.customer.com</p>
<p>{GONE}<br>Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup'</p>
<p>Original message headers:</p><pre>From: Zhi &lt;box@a.com&gt;
Message-ID: {OUR_ID.replace("<", "&lt;").replace(">", "&gt;")}
</pre></body></html>""",
    "html",
    From="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.com>",
    Subject="Undeliverable: Order S01",
    Return_Path="<>",
)

EXCHANGE_REPORT = report(
    recipient("failed", "5.2.3", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient"),
    sender="postmaster@customer.com",
    subject="未传递: Order S01",
)

OFFICE_365_SENDER = report(
    recipient("failed", "5.7.1", "550 5.7.1 Sender address rejected: not owned by user"), sender="postmaster@a.com"
)

GMAIL = report(
    recipient("failed", "5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated."),
    sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    subject="Delivery Status Notification (Failure)",
)

# A subject of no known kind, from a mail system, with the returned mail attached.
UNKNOWN_WORDS = mail(
    f"Your mail to {GONE} could not be delivered.", From="postmaster@customer.com", Subject="Notice", attached=ORIGINAL
)

BROKEN_REPORT = parse(
    f"""\
From: postmaster@customer.com
Subject: Undeliverable: Order
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/html; charset=no-such-charset

<p>{GONE}: 550 5.1.1 user unknown</p>
--B
Content-Type: message/delivery-status
Content-Transfer-Encoding: base64

!!! this is no base64
--B
Content-Type: text/rfc822-headers

Message-Id: {OUR_ID}
--B--
"""
)

OUT_OF_OFFICE = mail(
    "I am out of the office. Mails could not be delivered to my deputy gone@customer.com, 550.",
    Return_Path="<>",
    From="buyer@customer.com",
    Subject="Automatic reply: Order S01",
    Auto_Submitted="auto-replied",
    In_Reply_To=OUR_ID,
    References=OUR_ID,
)

# An automatic answer that says nothing about itself but that.
SILENT_VACATION = mail(
    "Your mail was not delivered to me, I am back on Monday.",
    Return_Path="<>",
    From="buyer@customer.com",
    Subject="Re: Order S01",
    Auto_Submitted="auto-replied",
    In_Reply_To=OUR_ID,
)

CUSTOMER_ANSWER = mail(
    f"Your mail to {GONE} could not be delivered, 550 5.1.1, please write to me.\n> Message-Id: {OUR_ID}",
    From="buyer@customer.com",
    Subject="Undeliverable: Order S01",
    In_Reply_To=OUR_ID,
)

FORWARDED_BOUNCE = mail(
    "Look what came back to me.", From="buyer@customer.com", Subject="Fwd: Undeliverable: Order", attached=str(QMAIL)
)

A_PERSON_AT_POSTMASTER = mail(
    "Mails to our shop could not be delivered yesterday. Could you send us an offer for 550 pieces?",
    From="postmaster@customer.com",
    Subject="Re: Order S01",
    In_Reply_To=OUR_ID,
)

CARRIER = mail(
    "Delivery failed: nobody was at home. Your parcel 550 waits for you.",
    From="noreply@parcel.example",
    Subject="Delivery failed",
    Auto_Submitted="auto-generated",
)

CHINESE_CARRIER = mail(
    "很抱歉，您的包裹未送达，550 号柜。",
    From="noreply@parcel.example",
    Subject="包裹未送达",
    Return_Path="<>",
)

AN_ORDER_OF_A_SMALL_FIRM = mail(
    "We need 550 pieces.", From="postmaster@small.example", Subject="Delivery failure of PO7"
)

RECEIPT = parse(
    f"""\
From: buyer@customer.com
Subject: Read: Order S01
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=disposition-notification; boundary="B"

--B
Content-Type: text/plain

Your message was read.
--B
Content-Type: message/disposition-notification

Final-Recipient: rfc822;{GONE}
Original-Message-ID: {OUR_ID}
Disposition: manual-action/MDN-sent-manually; displayed
--B--
"""
)

COMPLAINT = parse(
    f"""\
From: feedback@arf.example
To: bounce@a.com
Subject: FW: Order S01
Auto-Submitted: auto-generated
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is an email abuse report.
--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Original-Rcpt-To: <{GONE}>
--B
Content-Type: message/rfc822

{ORIGINAL}
--B--
"""
)

DELAY_IN_WORDS = mail(
    f"Your message to {GONE} could not be delivered yet. 450 4.2.0 Greylisted. We will try again.",
    Return_Path="<>",
    From="MAILER-DAEMON@mx.customer.com",
    Subject="Delivery Status Notification (Delay)",
    attached=ORIGINAL,
)
