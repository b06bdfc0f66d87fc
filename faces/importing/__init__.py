"""Rows of the record from a spreadsheet: what would happen, then all of it or nothing.

`heads` says which column a head means, `cells` what a cell says, `loading` what becomes of each row, and
`running` does it in a process of its own. `templates` are handed out to be filled in; `observations` give a
sheet back with what is wrong in it.
"""
