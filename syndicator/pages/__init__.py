"""What a web page says of itself and of who wrote it. Pure: pages come in as bytes; fetching is left to `check`."""
