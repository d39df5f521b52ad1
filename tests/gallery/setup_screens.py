"""What an administrator sets up."""

from .screens import FIRST, MENUS, Screen, button, header_button

SHOP = "shop@newmall.example"

SCREENS = (
    Screen(
        "assistant",
        ("mail_routing_setup_view_form",),
        "mail_routing_setup_action",
        steps=(
            ("fill", "email", "kevin@qq.com"),
            ("find", ".o_field_widget[name='provider_help'] a"),
            ("shot", "provider"),
            ("fill", "email", "kevin@outlook.com"),
            ("find", "button[name='action_provider_module']"),
            ("shot", "consent"),
            ("fill", "email", "kevin@nowhere.example"),
            ("find", ".o_field_widget[name='smtp_host']"),
            ("shot", "unknown"),
        ),
    ),
    Screen(
        "assistant_works",
        ("mail_routing_setup_view_form",),
        "mail_routing_setup_action",
        company="base.main_company",
        before=("connect",),
        steps=(
            ("fill", "email", SHOP),
            ("find", ".o_field_widget[name='smtp_host']"),
            ("fill", "password", "wrong"),
            FIRST,
            ("see", "535"),
            ("shot", "wrong_password"),
            ("fill", "password", "secret"),
            FIRST,
            ("find", "button[name='action_send']"),
            ("shot", "done"),
            button("action_send"),
            ("find", "button[name='action_fetch']"),
            ("shot", "sent"),
            ("do", "answer"),
            button("action_fetch"),
            ("find", "button[name='action_open_contact']"),
            ("shot", "answered"),
        ),
    ),
    Screen(
        "settings",
        ("base.res_config_settings_view_form",),
        "base_setup.action_general_configuration",
    ),
    Screen(
        "settings_trouble",
        ("base.res_config_settings_view_form",),
        "base_setup.action_general_configuration",
        company="company_nordwind",
    ),
    Screen(
        "company",
        ("base.view_company_form",),
        "base.action_res_company_form",
        record="company_nordwind",
        steps=(("tabs",),),
    ),
    Screen(
        "outgoing_servers",
        ("base.ir_mail_server_list", "base.view_ir_mail_server_search"),
        "base.action_ir_mail_server_list",
        steps=MENUS,
    ),
    Screen(
        "outgoing_server",
        ("base.ir_mail_server_form",),
        "base.action_ir_mail_server_list",
        record="mail_server_jade",
        steps=(("provider", "office365"), ("shot", "provider"), ("tabs",)),
    ),
    Screen(
        "alias_domains",
        ("mail_routing_domain_view_tree", "mail_routing_domain_view_search"),
        "mail_routing_domain_action",
        steps=MENUS,
    ),
    Screen(
        "alias_domain", ("mail_routing_domain_view_form",), "mail_routing_domain_action", record="domain_nordwind_parts"
    ),
    Screen(
        "alias_domain_of_parameters",
        ("mail_routing_domain_view_form",),
        "mail_routing_domain_action",
        record="domain_mesa",
        before=("follow_parameters",),
    ),
    Screen(
        "aliases",
        ("mail.view_mail_alias_tree", "mail.view_mail_alias_search"),
        "mail.action_view_mail_alias",
        steps=(("menus",),),
    ),
    Screen("alias", ("mail.view_mail_alias_form",), "mail.action_view_mail_alias", record="alias_parts_orders"),
    Screen("providers", ("mail_provider_view_tree", "mail_provider_view_search"), "mail_provider_action", steps=MENUS),
    Screen("provider", ("mail_provider_view_form",), "mail_provider_action", record="mail_provider_exmail"),
    Screen(
        "identities",
        ("mail_sender_identity_view_tree", "mail_sender_identity_view_search"),
        "mail_sender_identity_action",
        steps=MENUS,
    ),
    Screen("user", ("base.view_users_form",), "base.action_res_users", record="user_anna", steps=(("tabs",),)),
    Screen(
        "preferences",
        ("base.view_users_form_simple_modif",),
        "gallery_preferences",
        company="company_nordwind",
        login="anna",
    ),
    Screen(
        "template",
        ("mail.email_template_form",),
        "mail.action_email_template_tree_all",
        record="gallery_template",
        steps=(header_button("action_preview_mail"), ("find", ".modal-body"), ("shot", "preview")),
    ),
)
