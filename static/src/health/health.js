/** @odoo-module **/

import {Component, onWillStart, useState} from "@odoo/owl";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const ICONS = {
    danger: "fa-times-circle",
    info: "fa-info-circle",
    success: "fa-check-circle",
    warning: "fa-exclamation-triangle",
};

// A sentence with the button that mends what it is about.
class MailHealthFault extends Component {
    get icon() {
        return ICONS[this.props.fault.severity];
    }
}
MailHealthFault.template = "mail_company_routing.MailHealthFault";
MailHealthFault.props = ["fault", "open"];

// A label with what is there now, in words and a colour.
class MailHealthCell extends Component {}
MailHealthCell.template = "mail_company_routing.MailHealthCell";
// Without the question marks, the developer mode refuses a cell that has no value or is not short.
MailHealthCell.props = ["label", "value?", "isShort?", "open"];

// How the mail of each company goes; all its words come from the server, but for the labels.
export class MailHealth extends Component {
    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.page = useState({faults: [], rows: []});
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.page, await this.orm.call("mail.health", "get_page", []));
    }

    open(action) {
        return this.action.doAction(action);
    }

    openStatistics() {
        return this.open("mail_company_routing.mail_delivery_count_action");
    }

    icon(severity) {
        return ICONS[severity];
    }

    cells(row) {
        return [
            {label: _t("Sends through"), value: row.sends},
            {label: _t("Replies go to"), value: row.replies},
            {label: _t("Undeliverable mails go to"), value: row.bounces},
            {label: _t("Is fetched by"), value: row.fetched},
            {label: _t("Last sent"), value: row.sent, isShort: true},
            {label: _t("Last trouble with sending"), value: row.send_trouble, isShort: true},
            {label: _t("Last fetched"), value: row.received, isShort: true},
            {label: _t("Last trouble with fetching"), value: row.receive_trouble, isShort: true},
        ];
    }
}
MailHealth.components = {ControlPanel, MailHealthCell, MailHealthFault};
MailHealth.template = "mail_company_routing.MailHealth";

registry.category("actions").add("mail_company_routing.health", MailHealth);
