"""IMAP4rev1 as far as a client needs it to find, read and flag unread messages."""

import re
import shlex

from .dialogue import Dialogue
from .store import Message

UID_VALIDITY = 7


class ImapDialogue(Dialogue):
    """One IMAP connection."""

    protocol = "imap"
    is_known = False
    is_identified = False
    folder: str | None = None

    def greet(self) -> None:
        """Send the greeting."""
        self.say("* OK IMAP4rev1 ready")

    def answer(self, text: str, refusal: str | None) -> bool | None:
        """Answer one tagged command."""
        tag, _space, rest = text.partition(" ")
        name, _space, arguments = rest.partition(" ")
        if name.upper() == "UID":
            name, _space, arguments = arguments.partition(" ")
            name = f"uid_{name}"
        method = getattr(self, f"do_{name.lower()}", None)
        if refusal:
            self.say(f"{tag} NO {refusal}")
        elif method is None:
            self.say(f"{tag} BAD unknown command")
        else:
            self.say(f"{tag} {method(arguments) or 'OK done'}")
        return name.upper() != "LOGOUT"

    def messages(self) -> list[Message]:
        """Return the messages of the open folder."""
        return self.mailbox.folders[self.folder]

    def do_capability(self, _arguments: str) -> None:
        """Announce ID only after the login, as many servers do."""
        tells = self.owner.wants_id and self.is_known
        self.say(f"* CAPABILITY IMAP4rev1{' ID' if tells else ''}")

    def do_login(self, arguments: str) -> str | None:
        """Check login and password."""
        if shlex.split(arguments) != [self.mailbox.login, "secret"]:
            return "NO LOGIN failed"
        self.is_known = True
        return None

    def do_id(self, _arguments: str) -> None:
        """Take the client's name (RFC 2971)."""
        self.is_identified = True
        self.say('* ID ("name" "test")')

    def do_list(self, _arguments: str) -> None:
        """Tell the folders."""
        for name in self.mailbox.folders:
            self.say(f'* LIST (\\HasNoChildren) "/" "{name}"')

    def do_select(self, arguments: str) -> str | None:
        """Open a folder."""
        if self.owner.wants_id and not self.is_identified:
            return "NO SELECT Unsafe Login. Please contact kefu@188.com for help"
        name = shlex.split(arguments)[0]
        if name not in self.mailbox.folders:
            return "NO SELECT no such folder"
        self.folder = name
        self.say(f"* {len(self.messages())} EXISTS")
        self.say(f"* OK [UIDVALIDITY {UID_VALIDITY}] UIDs valid")
        return "OK [READ-WRITE] SELECT done"

    def do_search(self, arguments: str) -> None:
        """Find messages, of all or of a range, and tell their numbers."""
        self.say(" ".join(["* SEARCH", *(str(number) for number, _message in self.found(arguments))]))

    def do_uid_search(self, arguments: str) -> None:
        """The same, by UID."""
        self.say(" ".join(["* SEARCH", *(str(message.uid) for _number, message in self.found(arguments))]))

    def found(self, arguments: str) -> list[tuple[int, Message]]:
        """Return the messages, or the unread ones, with their numbers."""
        numbered = re.match(r"(\d+):(\d+)", arguments)
        first, last = (int(number) for number in numbered.groups()) if numbered else (1, len(self.messages()))
        return [
            (number, message)
            for number, message in enumerate(self.messages(), 1)
            if first <= number <= last and not ("UNSEEN" in arguments and "\\Seen" in message.flags)
        ]

    def do_fetch(self, arguments: str) -> None:
        """Hand out one message by its number."""
        number, _space, what = arguments.partition(" ")
        self.hand_out(int(number), self.messages()[int(number) - 1], what)

    def do_uid_fetch(self, arguments: str) -> None:
        """Hand out one message by its UID, if it is there."""
        uid, _space, what = arguments.partition(" ")
        for number, message in enumerate(self.messages(), 1):
            if message.uid == int(uid):
                self.hand_out(number, message, what)

    def hand_out(self, number: int, message: Message, what: str) -> None:
        """Send a message, and flag it as read unless the client PEEKs."""
        raw = self.mailbox.handed_out(self.folder, message)
        if "PEEK" not in what:
            message.flags.add("\\Seen")
        part = re.search(r"<0\.(\d+)>", what)
        raw = raw[: int(part[1])] if part else raw
        head = (number, message.uid, b"<0>" if part else b"", len(raw))
        self.wfile.write(b"* %d FETCH (UID %d BODY[]%b {%d}\r\n" % head)
        self.wfile.write(raw + b")\r\n")

    def do_store(self, arguments: str) -> None:
        """Change the flags of a message by its number."""
        number, action, flags = arguments.split(" ", 2)
        self.change_flags(self.messages()[int(number) - 1], action, flags)

    def do_uid_store(self, arguments: str) -> None:
        """Change the flags of a message by its UID."""
        uid, action, flags = arguments.split(" ", 2)
        for message in self.messages():
            if message.uid == int(uid):
                self.change_flags(message, action, flags)

    def change_flags(self, message: Message, action: str, flags: str) -> None:
        """Add flags to a message, or take them away."""
        change = message.flags.difference_update if action.startswith("-") else message.flags.update
        change(flags.strip("()").split())

    def do_close(self, _arguments: str) -> None:
        """Close the folder."""
        self.folder = None

    def do_noop(self, _arguments: str) -> None:
        """Do nothing."""

    def do_logout(self, _arguments: str) -> None:
        """Say good-bye."""
        self.say("* BYE")
