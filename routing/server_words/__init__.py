"""What mail servers say: one list of rules, one class each, for the answers on the wire and in bounces alike."""

from .answer_class import AnswerClass
from .reading import RULES, read
from .rule import CONNECT, DATA, LOGIN, MAIL, RCPT, TEXT_LIMIT, Reply, Rest, Rule
