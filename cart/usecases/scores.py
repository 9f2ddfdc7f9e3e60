"""The early-warning score as the cart's lists show it: the rule that every screen shares."""

from wardlink.messages.scored import Assessment, Scored, scored, to_show

__all__ = ["Assessment", "Scored", "scored", "to_show"]
