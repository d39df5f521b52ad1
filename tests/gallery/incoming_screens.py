"""What comes in."""

from .screens import FIRST, MENUS, Screen, header_button

UNROUTED = "mail_unrouted_message_action"
ROW = ("click", "td[name='subject']")
OPEN = (ROW, ("find", ".o_form_view [name='email_from']"))
MAIL = b"From: <clara@winterpumps.example>\nTo: %s\nSubject: Pumps\nMessage-Id: <p@winterpumps.example>\n\nHow much?"

SCREENS = (
    Screen(
        "incoming_servers",
        ("mail.view_email_server_tree", "mail.view_email_server_search"),
        "mail.action_email_server_tree",
        steps=(("menus",),),
    ),
    Screen(
        "incoming_server",
        ("mail.view_email_server_form",),
        "mail.action_email_server_tree",
        record="fetchmail_server_jade",
        before=("fetch_in_vain",),
        steps=(("tabs",),),
    ),
    Screen(
        "incoming_server_new",
        ("mail.view_email_server_form",),
        "mail.action_email_server_tree",
        record="fetchmail_server_mesa",
        company="company_mesa",
        steps=(("provider", "outlook"), ("shot", "provider")),
    ),
    Screen(
        "unrouted_mails",
        ("mail_unrouted_message_view_tree", "mail_unrouted_message_view_search"),
        UNROUTED,
        before=("unrouted",),
        steps=MENUS,
    ),
    Screen("unrouted_mail", ("mail_unrouted_message_view_form",), UNROUTED, steps=(*OPEN, ("shot", "form"))),
    Screen(
        "unrouted_settled",
        ("mail_unrouted_message_view_form",),
        UNROUTED,
        before=("settle",),
        steps=(("clear_filters",), *OPEN, ("shot", "form")),
    ),
    Screen(
        "unrouted_attach",
        ("mail_unrouted_place_view_form",),
        UNROUTED,
        steps=(*OPEN, header_button("action_attach"), ("find", ".modal [name='record']"), ("shot", "dialog")),
    ),
    Screen(
        "unrouted_create",
        ("mail_unrouted_place_view_form",),
        UNROUTED,
        steps=(*OPEN, header_button("action_create_record"), ("find", ".modal [name='model_id']"), ("shot", "dialog")),
    ),
    Screen(
        "incoming_preview",
        ("mail_incoming_preview_view_form",),
        "mail_incoming_preview_action",
        steps=(
            ("upload", MAIL % b"spares@nordwind-parts.example"),
            FIRST,
            ("find", ".modal [name='trace'] li"),
            ("shot", "alias"),
            ("upload", MAIL % b"nobody@nordwind.example"),
            FIRST,
            ("see", "nordwind.example"),
            ("shot", "no_place"),
        ),
    ),
)
