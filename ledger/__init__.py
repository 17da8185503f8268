"""A library about favours: who did what for whom, and what is still to be returned.

Nothing here knows social networks' SDKs, feeds or the terminal.
"""
