"""`python -m syndicator`."""

from syndicator.cli.main import start

start()
