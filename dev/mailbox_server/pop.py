"""POP3 (RFC 1939): deleted messages are gone when the client says QUIT, and only then."""

from .dialogue import Dialogue
from .store import Message


class PopDialogue(Dialogue):
    """One POP connection, on the messages that were there when it began."""

    protocol = "pop"
    login = ""

    def greet(self) -> None:
        """Send the greeting."""
        self.messages: list[Message] = list(self.mailbox.folders["INBOX"])
        self.deleted: list[Message] = []
        self.say("+OK ready")

    def answer(self, text: str, refusal: str | None) -> bool | None:
        """Answer one command."""
        name, _space, argument = text.partition(" ")
        method = getattr(self, f"do_{name.lower()}", None)
        if refusal or method is None:
            self.say(f"-ERR {refusal or 'unknown command'}")
        else:
            method(argument)
        return name.upper() != "QUIT"

    def present(self) -> list[tuple[int, Message]]:
        """Return the messages with their numbers, without the deleted ones."""
        return [(number, message) for number, message in enumerate(self.messages, 1) if message not in self.deleted]

    def lines(self, lines: list[str | bytes]) -> None:
        """Send an answer of several lines."""
        self.say("+OK")
        for line in lines:
            self.say(line)
        self.say(".")

    def do_user(self, argument: str) -> None:
        """Take the login."""
        self.login = argument
        self.say("+OK")

    def do_pass(self, argument: str) -> None:
        """Check the password."""
        right = (self.login, argument) == (self.mailbox.login, "secret")
        self.say("+OK" if right else "-ERR wrong password")

    def do_stat(self, _argument: str) -> None:
        """Tell number and size of the messages."""
        present = self.present()
        self.say(f"+OK {len(present)} {sum(len(message.raw) for _number, message in present)}")

    def do_list(self, _argument: str) -> None:
        """Tell the size of each message."""
        self.lines([f"{number} {len(message.raw)}" for number, message in self.present()])

    def do_uidl(self, _argument: str) -> None:
        """Tell the unique name of each message."""
        if self.owner.has_uidl:
            self.lines([f"{number} uid{message.uid}" for number, message in self.present()])
        else:
            self.say("-ERR unknown command")

    def do_retr(self, argument: str) -> None:
        """Hand out a message, dots doubled."""
        raw = self.mailbox.handed_out("INBOX", self.messages[int(argument) - 1])
        lines = raw.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
        self.lines([b"." + line if line.startswith(b".") else line for line in lines])

    def do_top(self, argument: str) -> None:
        """Hand out the header and so many lines of a message; that does not count as reading it."""
        number, count = map(int, argument.split())
        head, _empty, body = self.messages[number - 1].raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        lines = [*head.split(b"\n"), b"", *body.removesuffix(b"\n").split(b"\n")[:count]]
        self.lines([b"." + line if line.startswith(b".") else line for line in lines])

    def do_dele(self, argument: str) -> None:
        """Mark a message as deleted."""
        self.deleted.append(self.messages[int(argument) - 1])
        self.say("+OK")

    def do_quit(self, _argument: str) -> None:
        """Delete for good, and say good-bye."""
        with self.mailbox.lock:
            gone = {message.uid for message in self.deleted}
            inbox = self.mailbox.folders["INBOX"]
            inbox[:] = [message for message in inbox if message.uid not in gone]
        self.say("+OK bye")
