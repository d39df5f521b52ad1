"""An SMTP server on loopback that answers as it is told, and writes down what it got and how often a client waited."""

import socket
import threading
from contextlib import suppress

HANG_UP = "hang up"
SILENCE = "silence"


class ScriptedServer:
    """Serves for as long as its ``with`` block lasts, each connection in a thread.

    :param script: what it answers, by stage (``mail``, ``rcpt``, ``data``, ``end``, ``dot``, ``rset``) or recipient;
        ``dot`` is the end of a message without any octet. An answer is words, or a tuple of words, HANG_UP and SILENCE
    :param lax: it takes DATA though it took no recipient
    :param loses: it throws away what came together with MAIL
    """

    def __init__(self, script=(), pipelining=True, lax=False, loses=False):
        self.script = dict(script)
        self.pipelining = pipelining
        self.lax = lax
        self.loses = loses
        self.commands, self.mails = [], []
        self.turns = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_exc_info):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            # Else each answer of a group waits for the client to acknowledge the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_Dialogue(self, connection).run, daemon=True).start()


class _Dialogue:
    """One connection."""

    def __init__(self, server, connection):
        self.server = server
        self.connection = connection
        self.buffer = b""
        self.answered = False
        self.sender, self.recipients = None, []

    def run(self):
        """Talk until one side hangs up."""
        with self.connection, suppress(OSError, EOFError):
            self.say("220 scripted")
            while True:
                self.take(self.line())

    def take(self, line):
        """Answer a command."""
        self.server.commands.append(line)
        verb = line[:4].lower().decode("latin-1")
        getattr(self, f"on_{verb}", self.on_other)(line)

    def on_ehlo(self, _line):
        """Announce what smtplib uses."""
        more = ["PIPELINING"] if self.server.pipelining else []
        names = ["scripted", "SIZE 10000000", "8BITMIME", "SMTPUTF8", *more]
        self.say("\r\n".join(f"250-{name}" for name in names) + "\r\n250 HELP")

    def on_mail(self, line):
        """Take a sender."""
        if self.sender is not None:
            self.say("503 5.5.1 nested MAIL")
        elif self.obey("mail", "250 ok").startswith("2"):
            self.sender = line
        if self.server.loses:
            self.buffer = b""

    def on_rcpt(self, line):
        """Take a recipient."""
        address = line.decode().partition("<")[2].partition(">")[0]
        usual = self.server.script.get("rcpt", "250 ok")
        if self.sender is None and not self.server.lax:
            self.say("503 5.5.1 need MAIL")
        elif self.obey(address, usual).startswith("2"):
            self.recipients.append(line)

    def on_data(self, _line):
        """Take a message."""
        if not self.recipients and not self.server.lax:
            self.say("503 5.5.1 need RCPT")
        elif self.obey("data", "354 go on")[:3] == "354":
            self.take_message()

    def take_message(self):
        """Keep a message that is accepted, as it came."""
        content = b""
        while (line := self.line()) != b".\r\n":
            content += line
        mail = (self.sender, self.recipients, content)
        self.sender, self.recipients = None, []
        stage, usual = ("end" if content else "dot"), ("250 taken" if mail[1] else "554 nobody")
        # Kept before the client knows, which may look as soon as it does.
        if self.server.script.get(stage, usual)[0] == "2" and (content or mail[1]):
            self.server.mails.append(mail)
        self.obey(stage, usual)

    def on_rset(self, _line):
        """Forget sender and recipients."""
        self.sender, self.recipients = None, []
        self.obey("rset", "250 ok")

    def on_other(self, _line):
        """Take anything."""
        self.say("250 ok")

    def obey(self, stage, usual):
        """Answer as told; return the words."""
        answer = self.server.script.get(stage, usual)
        words = ""
        for step in (answer,) if isinstance(answer, str) else answer:
            if step == SILENCE:
                # for as long as the client stays
                while self.connection.recv(65536):
                    pass
            if step in (HANG_UP, SILENCE):
                raise EOFError
            words = step
            self.say(words)
        return words

    def say(self, words):
        """Send an answer."""
        self.connection.sendall(words.encode() + b"\r\n")
        self.answered = True

    def line(self):
        """Return the next line; what comes after an answer is the client's next turn: it had waited for the answer."""
        while b"\n" not in self.buffer:
            chunk = self.connection.recv(65536)
            if not chunk:
                raise EOFError
            if self.answered:
                self.server.turns += 1
                self.answered = False
            self.buffer += chunk
        line, _newline, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"
