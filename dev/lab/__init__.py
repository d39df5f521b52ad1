"""Real mail servers for tests: Postfix and Dovecot of Debian, on loopback, with all they write in one folder.

    with Lab(folder) as lab:
        lab.mailboxes.add("box@b.example")
        Person(lab, "box@b.example").send(...)

The ports, and what each of them checks, are in ``etc/master.cf``.
"""

from .lab import Lab, running_lab
from .mailboxes import PASSWORD
from .needs import missing
from .person import Person, Received

__all__ = ["PASSWORD", "Lab", "Person", "Received", "missing", "running_lab"]
