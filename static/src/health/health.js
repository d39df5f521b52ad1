/** @odoo-module **/

import {Component, onWillStart, useState} from "@odoo/owl";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const ICONS = {
    danger: "fa-times-circle",
    info: "fa-info-circle",
    success: "fa-check-circle",
    warning: "fa-exclamation-triangle",
};

// How the mail of each company goes; all its words come from the server, but for the labels.
export class MailHealth extends Component {
    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.icons = ICONS;
        this.page = useState({faults: [], rows: []});
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.page, await this.orm.call("mail.health", "get_page", []));
    }

    open(action) {
        return this.action.doAction(action);
    }
}

// A label with what is there now, in words and a colour, and the button that leads to it.
export class MailHealthCell extends Component {}
MailHealthCell.template = "mail_company_routing.MailHealthCell";
MailHealthCell.props = ["label", "value", "open"];

// A sentence with the button that mends what it is about.
export class MailHealthFault extends Component {
    setup() {
        this.icons = ICONS;
    }
}
MailHealthFault.template = "mail_company_routing.MailHealthFault";
MailHealthFault.props = ["fault", "open"];

MailHealth.components = {ControlPanel, MailHealthCell, MailHealthFault};
MailHealth.template = "mail_company_routing.MailHealth";

registry.category("actions").add("mail_company_routing.health", MailHealth);
