{
    "name": "Company Mail Routing",
    "version": "16.0.1.0.0",
    "category": "Productivity/Discuss",
    "summary": "Send through Tencent Exmail, QQ, NetEase and other strict providers, per company",
    "author": "Company Mail Routing Contributors",
    "maintainers": ["mail-company-routing"],
    "website": "https://github.com/mail-company-routing/mail_company_routing",
    "license": "LGPL-3",
    "depends": ["mail"],
    "data": [
        "data/ir_actions_server.xml",
        "views/res_config_settings_views.xml",
        "views/res_company_views.xml",
        "views/ir_mail_server_views.xml",
        "views/fetchmail_server_views.xml",
    ],
    "demo": ["demo/ir_mail_server.xml"],
}
