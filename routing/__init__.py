"""The routing decision in plain Python: values in, values out.

Nothing here imports Odoo, so every rule can be tested without a database. The models of the addon
build a :class:`~.table.RoutingTable` from their rows, call :func:`~.outgoing.decision.decide` for each mail and
write the resulting :class:`~.outgoing.decision.Route` onto the message.
"""
