"""Articles' pictures, made ready for networks: fetched once, decoded in a process of their own, shrunk, laid bare."""
