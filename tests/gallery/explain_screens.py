"""Why a mail goes the way it goes, and what is wrong."""

from .screens import FIRST, Screen, button, header_button

CLOSE = ("click", ".modal-footer [special='cancel'], .modal-header .btn-close")
DIALOG = ("find", ".modal-body")

SCREENS = (
    Screen("health", action="mail_health_action"),
    Screen("health_well", action="mail_health_action", before=("mend",)),
    Screen(
        "preview",
        ("mail_routing_preview_view_form",),
        "mail_routing_preview_action",
        before=("connect",),
        steps=(
            FIRST,
            ("see", "<office@jadeharbor.example>"),
            ("shot", "result"),
            button("action_send_to_me"),
            ("find", ".modal [name='sent_result']"),
            ("shot", "sent"),
        ),
    ),
    Screen(
        "preview_without_server",
        ("mail_routing_preview_view_form",),
        "mail_routing_preview_action",
        before=("lose_server",),
        company="company_nordwind",
        steps=(FIRST, ("find", ".modal [name='problems']"), ("shot", "problem")),
    ),
    Screen(
        "probe",
        ("mail_server_probe_view_form",),
        "base.action_ir_mail_server_list",
        record="mail_server_jade",
        before=("connect",),
        steps=(
            header_button("action_probe"),
            ("find", ".modal [name='senders_html'] .badge"),
            ("shot", "senders"),
            button("action_send"),
            ("find", ".modal [name='mails_html'] .badge"),
            ("shot", "mails"),
        ),
    ),
    Screen(
        "domain_checks",
        ("mail_domain_check_view_tree", "mail_domain_check_view_kanban"),
        "mail_domain_check_action",
    ),
    Screen(
        "domain_check",
        ("mail_domain_check_view_form",),
        "mail_routing_domain_action",
        record="domain_jade",
        steps=(header_button("action_check_dns"), ("find", "[name='findings'] .badge"), ("shot", "findings")),
    ),
    Screen(
        "leak_report",
        ("mail_routing_leak_report_view_form",),
        "mail_routing_leak_report_action",
    ),
    Screen(
        "leak_report_leaks",
        ("mail_routing_leak_report_view_form",),
        "mail_routing_leak_report_action",
        before=("leak",),
        steps=(
            ("click", ".o_data_row td[name='subject'], .modal .o_kanban_record:not(.o_kanban_ghost)"),
            ("find", ".modal [name='message_ref']"),
            ("shot", "leak"),
        ),
    ),
)
