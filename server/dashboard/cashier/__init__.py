"""The cashier's pages: find a stay, its money, payments by code and in cash, refunds, the settlement, and the books.

desk     what the pages work with, and messages that survive a redirect
stays    the list; stay: one of them; settling: its settlement; paying: a code and what becomes of it
forms    what is written from these pages
bills    days against the channels' bills; differences: what does not fit; bill_forms: what is written from there
cases    payments that fit nothing, worked off by a person
deposits what is left of each stay's deposit, and its daily lists
groups   DRG: what a group pays against what a stay costs, and its coding
places   the ways between the pages; acts: runs a form; files: tables to take away
"""
