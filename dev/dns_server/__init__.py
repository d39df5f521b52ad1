"""A name server on loopback that knows what a test tells it."""

from .server import DnsServer

__all__ = ["DnsServer"]
