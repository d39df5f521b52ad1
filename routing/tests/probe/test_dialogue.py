"""A server is asked about senders in as many sessions as it takes, and left alone when it has had enough."""

import smtplib

import pytest

from ...probe.dialogue import Dialogue
from ...server_words import AnswerClass

OK, NO = (250, b"2.1.0 Ok"), (553, b"5.7.1 Sender address rejected: not owned by user")
TOO_MANY = (421, b"4.7.0 Too many messages from this account, slow down")
GONE = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class Server:
    """Opens sessions, each of which answers by a script of its own, and notes what was said.

    :param scripts: an answer for each command, or an exception; an exception in place of a script refuses the session
    """

    def __init__(self, *scripts):
        self.scripts, self.said = list(scripts), []

    def connect(self):
        self.said.append("connect")
        script = self.scripts.pop(0)
        if isinstance(script, Exception):
            raise script
        return Session(script, self.said)


class Session:
    """What of smtplib's session a dialogue uses."""

    def __init__(self, script, said):
        self.script, self.said, self.sock = script, said, "open"

    def _answer(self, command, *words, answer=OK):
        self.said.append(" ".join((command, *words)))
        answer = self.script.get(command, answer)
        if isinstance(answer, Exception):
            raise answer
        if self.script.get("hangs up") == command:
            self.sock = None
        return answer

    def mail(self, sender):
        return self._answer("mail", sender)

    def rcpt(self, recipient):
        return self._answer("rcpt", recipient)

    def sendmail(self, sender, recipients, data):
        return self._answer("sendmail", sender, *recipients, data, answer={})

    def rset(self):
        return self._answer("rset")

    def quit(self):
        self._answer("quit")

    def close(self):
        self.said.append("close")


ASKED = ["mail me@a.com", "rcpt you@a.com", "rset"]
END = ["quit", "close"]


def asked(*scripts, times=1):
    """Return the classes of the answers to a question, that of what ended it all, and what the server was told."""
    server = Server(*scripts)
    with Dialogue(server.connect) as dialogue:
        answers = [dialogue.ask("me@a.com", "you@a.com") for _time in range(times)]
    kinds = [answer and answer.answer_class for answer in answers]
    return kinds, dialogue.trouble and dialogue.trouble.answer_class, server.said


def test_one_session_for_all_questions():
    assert asked({}, times=2) == ([None, None], None, ["connect", *ASKED, *ASKED, *END])


def test_a_sender_that_is_refused_at_once():
    assert asked({"mail": NO}) == ([AnswerClass.SENDER], None, ["connect", "mail me@a.com", "rset", *END])


def test_a_sender_that_is_refused_with_the_recipient():
    assert asked({"rcpt": NO}) == ([AnswerClass.SENDER], None, ["connect", *ASKED, *END])


@pytest.mark.parametrize("code", [199, 300, 354])
def test_what_is_no_yes_refuses(code):
    [kind], _trouble, _said = asked({"mail": (code, b"what")})
    assert kind


@pytest.mark.parametrize("code", [200, 251, 299])
def test_any_yes_is_one(code):
    assert asked({"mail": (code, b"fine")})[0] == [None]


def test_a_server_that_hangs_up_after_a_refusal_is_asked_in_another_session():
    kinds, trouble, said = asked({"mail": NO, "hangs up": "mail"}, {}, times=2)
    assert (kinds, trouble) == ([AnswerClass.SENDER, None], None)
    assert said == ["connect", "mail me@a.com", "close", "connect", *ASKED, *END]


@pytest.mark.parametrize("answer", [(500, b"what"), GONE])
def test_a_session_that_cannot_be_reset_is_over(answer):
    _kinds, trouble, said = asked({"rset": answer}, {}, times=2)
    assert trouble is None
    assert said == ["connect", *ASKED, "close", "connect", *ASKED, *END]


def test_a_session_that_was_closed_meanwhile_is_opened_again():
    """That is nothing that the server said to the sender."""
    server = Server({}, {})
    with Dialogue(server.connect) as dialogue:
        assert dialogue.ask("me@a.com", "you@a.com") is None
        dialogue._smtp.script.update(mail=GONE, rset=GONE)
        assert dialogue.ask("me@a.com", "you@a.com") is None
        assert dialogue.trouble is None
    assert server.said.count("connect") == 2


def test_a_server_that_breaks_off_twice_is_left_alone():
    broken = {"mail": GONE, "rset": GONE}
    kinds, trouble, said = asked(broken, broken, times=3)
    assert (kinds, trouble) == ([AnswerClass.CONNECTION] * 3, AnswerClass.CONNECTION)
    assert said == ["connect", "mail me@a.com", "rset", "close"] * 2


def test_a_server_that_breaks_off_once_is_asked_again():
    kinds, trouble, _said = asked({"mail": GONE, "rset": GONE}, {}, times=2)
    assert (kinds, trouble) == ([AnswerClass.CONNECTION, None], None)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), AnswerClass.CONNECTION),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 Error: authentication failed"), AnswerClass.LOGIN),
    ],
)
def test_no_session_is_the_answer_to_all_questions(error, kind):
    assert asked(error, times=3) == ([kind] * 3, kind, ["connect"])


def test_a_server_that_has_had_enough_is_asked_no_more():
    kinds, trouble, said = asked({"mail": TOO_MANY}, times=3)
    assert (kinds, trouble) == ([AnswerClass.RATE] * 3, AnswerClass.RATE)
    assert said == ["connect", "mail me@a.com", "rset", *END]


def test_a_goodbye_that_fails_is_none():
    assert asked({"quit": GONE})[2][-1] == "close"


def test_a_test_mail():
    server = Server({})
    with Dialogue(server.connect) as dialogue:
        assert dialogue.send("me@a.com", "you@a.com", "data") is None
    assert server.said == ["connect", "sendmail me@a.com you@a.com data", "rset", *END]


def test_a_test_mail_that_is_refused():
    refusal = smtplib.SMTPDataError(554, b"5.7.1 Message rejected as spam")
    server = Server({"sendmail": refusal})
    with Dialogue(server.connect) as dialogue:
        assert dialogue.send("me@a.com", "you@a.com", "data").answer_class is AnswerClass.CONTENT
        assert dialogue.trouble is None
