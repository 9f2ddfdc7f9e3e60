"""What patients complain of, suggest and give thanks for, from the bed to the answer.

It has tables of its own and tells no changes: a change goes to every cart of the ward that is spoken of.
"""
