"""How mails leave, wait and fail."""

from .screens import MENUS, Screen

ENVELOPE = ("click", ".o_Message_notificationIconClickable")
CONTACT = "base.action_partner_form"

SCREENS = (
    Screen(
        "statistics",
        ("mail_delivery_count_view_graph", "mail_delivery_count_view_search"),
        "mail_delivery_count_action",
        "graph",
        steps=MENUS,
    ),
    Screen("statistics_pivot", ("mail_delivery_count_view_pivot",), "mail_delivery_count_action", "pivot"),
    Screen(
        "statistics_list",
        ("mail_delivery_count_view_tree", "mail_delivery_count_view_form"),
        "mail_delivery_count_action",
        "list",
        steps=(("menus",), ("click", "td[name='server_name']"), ("find", ".o_form_view"), ("shot", "form")),
    ),
    Screen(
        "mails", ("mail.view_mail_tree", "mail.view_mail_search"), "mail.action_view_mail_mail", steps=(("menus",),)
    ),
    Screen("mail_sent", ("mail.view_mail_form",), "mail.action_view_mail_mail", record="mail_sent", steps=(("tabs",),)),
    Screen(
        "mail_waits",
        ("mail.view_mail_form",),
        "mail.action_view_mail_mail",
        record="mail_waiting",
        steps=(("tabs",),),
    ),
    Screen("mail_failed", ("mail.view_mail_form",), "mail.action_view_mail_mail", record="mail_failed"),
    Screen(
        "mail_gave_up",
        ("mail.view_mail_form",),
        "mail.action_view_mail_mail",
        record="mail_stopped",
        before=("give_up",),
    ),
    Screen(
        "mail_in_doubt",
        ("mail.view_mail_form",),
        "mail.action_view_mail_mail",
        record="mail_waiting",
        before=("doubt",),
    ),
    Screen(
        "mail_without_server",
        ("mail.view_mail_form",),
        "mail.action_view_mail_mail",
        record="mail_waiting",
        before=("lose_server",),
    ),
    Screen(
        "server_rests",
        ("base.ir_mail_server_form",),
        "base.action_ir_mail_server_list",
        record="mail_server_nordwind",
        company="company_nordwind",
    ),
    Screen(
        "server_stopped",
        ("base.ir_mail_server_form",),
        "base.action_ir_mail_server_list",
        record="mail_server_mesa",
        company="company_mesa",
    ),
    Screen("activity", action="gallery_activity", before=("tell_administrators",)),
    Screen("notification", action=CONTACT, record="customer_winter", steps=(("tell",), ("shot", "told"))),
    Screen(
        "chatter_failed",
        action=CONTACT,
        record="customer_corner",
        views=("mail.mail_resend_message_view_form",),
        steps=(ENVELOPE, ("find", ".modal-body"), ("shot", "envelope")),
    ),
    Screen(
        "chatter_waits",
        action=CONTACT,
        record="customer_winter",
        steps=(ENVELOPE, ("find", ".o_MessageNotificationPopoverContent"), ("shot", "popover")),
    ),
    Screen(
        "composer",
        ("mail.email_compose_message_wizard_form",),
        "gallery_composer",
        company="company_nordwind",
        login="anna",
        steps=(("find", "[name='mail_identity_id']"),),
    ),
)
