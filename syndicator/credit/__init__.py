"""Whom a post names as the author of what it shares: by what evidence, and only if they don't mind."""
