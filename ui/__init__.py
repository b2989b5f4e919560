"""Talking: how does a person, or a program, talk to Askdocs?

The command line is :mod:`ui.command_line`, the page is served by :mod:`ui.server`.
Importing this package loads nothing.
"""
