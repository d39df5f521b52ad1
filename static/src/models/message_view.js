/** @odoo-module **/

import {registerPatch} from "@mail/model/model_core";

// Shows beside a message that one of its mails waits; a click on the icon tells which.
registerPatch({
    name: "MessageView",
    fields: {
        notificationIconClassName: {
            compute() {
                return this.hasWaitingMail() ? "fa fa-clock-o" : this._super();
            },
        },
        notificationIconLabel: {
            compute() {
                return this.hasWaitingMail() ? this.env._t("Waits") : this._super();
            },
        },
    },
    recordMethods: {
        /**
         * @returns {Boolean} whether a mail of this message is tried again
         */
        hasWaitingMail() {
            return Boolean(this.message) && this.message.notifications.some((notification) => notification.waits);
        },
    },
});
