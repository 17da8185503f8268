"""One file per network. Nothing here knows the pipeline or the ledger.

`base` holds the protocols and values, `errors` the one exception tree, `text` the counting rules; every other module
is an adapter and imports only those three and its own SDK.
"""
