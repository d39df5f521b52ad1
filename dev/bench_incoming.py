"""Incoming mail in a benchmark: mails of customers to aliases, each of which creates a contact."""

import email.policy
from email.message import EmailMessage

from .bench_scenario import Scenario


def create_aliases(env, scenario: Scenario) -> None:
    """Create an alias for each author; stock Odoo knows no domain of an alias."""
    model = env["ir.model"]._get_id("res.partner")
    values = {"alias_model_id": model, "alias_contact": "everyone"}
    env["mail.alias"].create([{"alias_name": f"desk{number}", **values} for number in range(scenario.authors)])


def raw_mails(scenario: Scenario) -> list[bytes]:
    """Return the mails as a mailbox holds them."""
    return [_raw_mail(scenario, number) for number in range(scenario.mails)]


def route(env, mails: list[bytes]) -> None:
    """Find the routes of mails, the part that the addon changes, and create nothing."""
    for mail in mails:
        message = email.message_from_bytes(mail, policy=email.policy.SMTP)
        env["mail.thread"].message_route(message, env["mail.thread"].message_parse(message))


def _raw_mail(scenario: Scenario, number: int) -> bytes:
    """Return one mail of a customer to the alias of an author."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = f"Customer {number} <customer{number}@elsewhere.example>"
    mail["To"] = f"desk{number % scenario.authors}@{scenario.domain(number)}"
    mail["Subject"] = f"Question {number}"
    mail["Message-Id"] = f"<{number}@elsewhere.example>"
    mail.set_content("Hello, what does it cost?")
    return mail.as_bytes()
