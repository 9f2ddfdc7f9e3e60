"""Breaks the link on purpose: carts, server and broker as processes, killed and cut off while traffic goes on."""
