from odoo.tests import HttpCase, tagged

from ..optional import need

# Opens the list of who got the message, and tells what is seen.
LOOK = """
    const wait = async (what, find) => {
        for (let tries = 0; tries < 200; tries++) {
            const found = find();
            if (found) { return found; }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`${what} did not appear`);
    };
    const check = (what, is) => { if (!is) { throw new Error(what); } };
    (async () => {
        const icon = await wait("the icon", () => document.querySelector(".o_Message_notificationIcon"));
        check("no clock beside the message", icon.classList.contains("fa-clock-o"));
        check("no word beside the clock", icon.parentElement.innerText.includes("Waits"));
        check("it is red", !document.querySelector(".o_Message .text-danger"));
        icon.click();
        const one = await wait(
            "the recipient", () => document.querySelector(".o_MessageNotificationPopoverContent_notificationIcon")
        );
        check("no clock at the recipient", one.classList.contains("fa-clock-o"));
        check(`the title is ${one.title}`, one.title === "Waits, and is tried again");
        console.log("test successful");
    })().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestChatter(HttpCase):
    """I look at what I wrote, and see that it waits: nothing is red, as nothing failed."""

    def test_a_mail_that_waits_has_a_clock(self):
        need("websocket")
        admin = self.env.ref("base.user_admin")
        admin.lang = "en_US"
        customer = self.env["res.partner"].create({"name": "Customer", "email": "customer@elsewhere.example"})
        message = customer.with_user(admin).message_post(
            body="Hi", partner_ids=customer.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message.sudo().notification_ids.write(
            {"notification_status": "ready", "failure_type": "mail_waits", "failure_reason": "Waits until tomorrow."}
        )
        self.browser_js(
            f"/web#id={customer.id}&model=res.partner&view_type=form",
            LOOK,
            ready="Boolean(document.querySelector('.o_Message'))",
            login="admin",
        )
