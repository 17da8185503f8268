"""What makes the documentation a site: the parts of the reference that come from the code, and the pictures.

`mkdocs.yml` names `hooks.py`, which asks the others. Nothing here is installed with the program.
"""
