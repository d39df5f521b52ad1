/** @odoo-module **/

import {attr} from "@mail/model/model_field";
import {registerPatch} from "@mail/model/model_core";

// A mail that waits is tried again: it is "ready", as one that Odoo is about to send, and never red.
registerPatch({
    name: "Notification",
    fields: {
        iconClass: {
            compute() {
                return this.waits ? "fa fa-clock-o" : this._super();
            },
        },
        iconTitle: {
            compute() {
                return this.waits ? this.env._t("Waits, and is tried again") : this._super();
            },
        },
        waits: attr({
            compute() {
                return this.notification_status === "ready" && this.failure_type === "mail_waits";
            },
        }),
    },
});
