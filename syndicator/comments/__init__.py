"""Comments on my own sites: where they can be read, what they say in our words, and reading them."""
