"""The cashier's pages: find a stay, its money, payments by code and in cash, refunds, and the settlement.

desk     what the pages work with, and messages that survive a redirect
stays    the list; stay: one of them; settling: its settlement; paying: a code and what becomes of it
forms    what is written from these pages
"""
