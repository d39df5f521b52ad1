"""What is looked for in each page, in the browser."""

# Waits until nothing loads or moves any more.
QUIET = """
    new Promise((done) => {
        let before = "", calm = 0, tries = 0;
        const look = () => {
            const now = `${document.body.innerHTML.length} ${document.documentElement.scrollHeight}`;
            const busy = document.querySelector(".o_blockUI, .o_loading_indicator, .o_Spinner");
            calm = now === before && !busy ? calm + 1 : 0;
            before = now;
            if (calm > 2 || ++tries > 80) {
                document.fonts.ready.then(() => done(true));
            } else {
                setTimeout(look, 70);
            }
        };
        look();
    })
"""
# How much of the page, or of the dialog that opened last, is below the fold.
BELOW = """
    (() => {
        const dialog = [...document.querySelectorAll(".modal")].pop();
        const hidden = (element) => element.scrollHeight - element.clientHeight;
        const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowY);
        const inner = [...(dialog || document).querySelectorAll("*")].filter((element) => scrolls(element));
        return Math.max(0, ...[document.documentElement, dialog, ...inner].filter(Boolean).map(hidden));
    })()
"""
# Gives all texts that a reader sees, and complaints about how they are laid out.
READ = """
    (() => {
        const dialogs = [...document.querySelectorAll(".modal")].filter((dialog) => dialog.getClientRects().length);
        const root = dialogs.pop() || document.body;
        const seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility === "visible";
        const plain = (words) => (words || "").replace(/\\s+/g, " ").trim();
        const all = [...root.querySelectorAll("*")].filter(seen);
        const [complaints, cut] = [[], []];
        if (document.documentElement.scrollWidth > window.innerWidth) { complaints.push("The page scrolls sideways"); }
        const parts = ".o_form_renderer, .o_form_sheet, .modal-body, .o_setting_container";
        const pages = ".o_mail_health .o_content, .o_form_view .o_content";
        for (const part of all.filter((e) => e.matches(parts + ", " + pages) && e.scrollWidth > e.clientWidth + 1)) {
            complaints.push(`A form scrolls sideways: ${part.className}`);
        }
        for (const error of all.filter((e) => e.matches(".o_dialog_error, .o_error_dialog"))) {
            complaints.push(`An error: ${plain(error.innerText).slice(0, 300)}`);
        }
        const holds = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
        const inBox = (e) => { for (; e; e = e.parentElement) { if (holds(e)) { return true; } } return false; };
        const labels = "label, button, .btn, .nav-link, .badge, .o_form_label, .dropdown-item, .o_stat_text";
        for (const e of all.filter((e) => e.matches(labels) && plain(e.textContent))) {
            const isWide = e.clientWidth && e.scrollWidth > e.clientWidth + 1;
            const isCut = isWide && getComputedStyle(e).overflowX !== "visible";
            const isOutside = e.getBoundingClientRect().right > window.innerWidth + 1 && !inBox(e);
            if (isCut || isOutside) { cut.push(plain(e.textContent)); }
        }
        const texts = [];
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const parent = walker.currentNode.parentElement;
            const shown = parent && seen(parent.closest("select") || parent) && !parent.closest("script, style");
            if (shown && plain(walker.currentNode.data)) { texts.push(plain(walker.currentNode.data)); }
        }
        for (const e of all) {
            for (const name of ["placeholder", "title", "data-tooltip"]) {
                if (plain(e.getAttribute(name))) { texts.push(plain(e.getAttribute(name))); }
            }
            try {
                const help = JSON.parse(e.dataset.tooltipInfo || "{}");
                texts.push(...[help.field && help.field.help, help.help].filter(Boolean).map(plain));
            } catch {}
        }
        return {texts, cut, complaints};
    })()
"""
