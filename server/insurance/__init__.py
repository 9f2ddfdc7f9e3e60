"""Medical insurance (医保): what it is expected to pay, and what its platform answers.

`engine` estimates from `rules/*.yaml`, in whole fen and step by step; the platform behind `port` decides. What was
estimated and what was answered are both kept, and the answer counts (ADR 14).
"""
