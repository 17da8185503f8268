"""Where documents are kept: `base` is the contract, each other file one implementation."""
