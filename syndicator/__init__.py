"""The pipeline and its commands: the only package that knows everything."""
