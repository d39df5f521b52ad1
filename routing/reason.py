"""Why a rung of the ladder decided as it did. The words are in ``models/explain/``, to be translated."""

from enum import Enum, auto


class Reason(Enum):
    """The reasons, in the order of the ladder; a mail's trace has one for each rung that it passed."""

    COMPANY_OF_RECORD = auto()
    COMPANY_WHEN_WRITTEN = auto()
    COMPANY_OF_WRITER = auto()
    COMPANY_OF_PERSON = auto()
    COMPANY_OF_MAILING = auto()

    AUTHOR_IS_IDENTITY = auto()
    AUTHOR_GETS_IDENTITY = auto()
    AUTHOR_IN_OWN_DOMAIN = auto()
    AUTHOR_UNCHANGED = auto()
    AUTHOR_MOVED = auto()
    AUTHOR_BROUGHT_HOME = auto()
    AUTHOR_DEFAULT_FROM = auto()
    AUTHOR_WITHOUT_DEFAULT_FROM = auto()
    AUTHOR_AS_SERVER = auto()

    SERVER_FORCED = auto()
    SERVER_AS_ODOO = auto()
    SERVER_BY_AUTHOR = auto()
    SERVER_BY_REPLY_TO = auto()
    SERVER_OF_COMPANY = auto()
    SERVER_SHARED = auto()

    POLICY_OF_SERVER = auto()
    POLICY_UNRESTRICTED = auto()
    POLICY_WITHOUT_LOGIN = auto()
    POLICY_RESTRICTED = auto()
    POLICY_LEARNED = auto()
    POLICY_DEFAULT_SENDER = auto()

    REPLY_ON_PURPOSE = auto()
    REPLY_BY_COMPANY = auto()
    REPLY_CATCHALL = auto()
    REPLY_AS_ODOO = auto()
    REPLY_COMES_BACK = auto()
    REPLY_MAILBOX = auto()
    REPLY_AUTHOR = auto()
    REPLY_SERVER = auto()
