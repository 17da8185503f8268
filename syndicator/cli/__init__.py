"""The commands `syndicator` and `ledger`, and how they print."""
