"""Proves `upgrade/to_17` against a real Odoo 17.0, and OCA's OpenUpgrade."""
