"""Tests of the decision: plain pytest, no Odoo, no database."""
