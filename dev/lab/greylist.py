"""Greylisting, as a policy service of Postfix (SMTPD_POLICY_README): come again later.

By hand, because a test has to say when later is; postgrey goes by the clock.
"""


class Greylist:
    """Defers each sender and recipient that it has not seen before the last pause."""

    def __init__(self):
        self.is_on = False
        self._waiting: set[tuple[str, str]] = set()
        self._known: set[tuple[str, str]] = set()

    def clear(self) -> None:
        """Switch it off, and forget everybody."""
        self.__init__()

    def pause(self) -> None:
        """Let the time pass that it wants whoever it deferred to wait."""
        self._known |= self._waiting

    def converse(self, reader, writer) -> None:
        """Answer the questions of one connection; each ends with an empty line."""
        question: dict[str, str] = {}
        for raw in reader:
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if line:
                name, _sign, value = line.partition("=")
                question[name] = value
            else:
                writer.write(f"action={self._action(question)}\n\n".encode())
                question = {}

    def _action(self, question: dict[str, str]) -> str:
        pair = (question.get("sender", ""), question.get("recipient", ""))
        if not self.is_on or pair in self._known:
            return "DUNNO"
        self._waiting.add(pair)
        return "DEFER 4.2.0 Greylisted, please try again later"
