"""Is the page behind a link there, and worth sending people to: looked at before planning and before posting."""
