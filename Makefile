# Each command is `python3 -m dev <command>`; dev/ says how it works.
PYTHON ?= python3
COMMANDS := run test core-test oca-test queue-test life lab odoo-17 wheel release bench mutants screenshots gallery mails bounces i18n lint format

.PHONY: help $(COMMANDS)

help:
	@echo 'make run        prove the main job, then serve Odoo (ONCE=1: only prove; ODOO_LANG=zh_CN; PORT, SMTP_PORT, IMAP_PORT)'
	@echo 'make mails      what the strict mail server took and refused'
	@echo 'make test       every test (TESTS="routing tests/incoming", ARGS="-k name", KEEP=1); ALL=1: what takes long in full'
	@echo 'make bounces    how many bounces of a collection of mails are recognised (CORPUS=folder)'
	@echo 'make core-test  Odoo'"'"'s own mail tests, without and with the addon, on both states of 16.0 (DEMO=1: with demo data)'
	@echo 'make oca-test   the tests beside OCA mail_multicompany and mail_outbound_static, and theirs'
	@echo 'make queue-test  the tests of delivery beside OCA queue_job, with real workers'
	@echo 'make life       install where Odoo is in use, update, uninstall, install again, neutralize'
	@echo 'make lab        the tests against real servers: Debian'"'"'s Postfix and Dovecot (as root)'
	@echo 'make odoo-17    carry alias domains to a real Odoo 17, by OpenUpgrade and by file'
	@echo 'make wheel      build the wheel, and install it beside Odoo in a fresh environment'
	@echo 'make release    set the version in the manifest and the changelog (VERSION=16.0.1.1.0)'
	@echo 'make bench      stock Odoo and the addon in turns, beside the goals (QUICK=1: smaller; CASES="common shared")'
	@echo 'make mutants    change one thing in routing/ after the other, and print what no test notices (ROOMS="address"; COUNT=60)'
	@echo 'make screenshots  the pictures of the Apps page, in the browser, from the demo data'
	@echo 'make gallery    every screen, in English and Chinese (LANGS="de_DE fr_FR"; SCREENS="health preview"; KEEP=1)'
	@echo 'make i18n       bring i18n/ up to date with the terms, and list what is not translated yet'
	@echo 'make lint       check style; make format applies it'
	@echo
	@echo 'ODOO_HOME  Odoo 16.0 (else an importable odoo, ~/.cache/odoo/16.0, or a clone)'
	@echo 'ODOO_EARLY an early state of 16.0 for make core-test (else ~/.cache/odoo/16.0-early, where it is there)'
	@echo 'ODOO_17    Odoo 17.0 for make odoo-17 (else ~/.cache/odoo/17.0, where it is there)'
	@echo 'MCR_STATE  where environments, databases and mails are kept'
	@echo 'PGHOST     a PostgreSQL to use (PGPORT, PGUSER, PGPASSWORD), else one is embedded'
	@echo 'PYTHON     a Python 3.10, 3.11 or 3.12 ($(PYTHON))'

$(COMMANDS):
	@$(PYTHON) -m dev $@
