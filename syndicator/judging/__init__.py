"""Is an article worth its readers' time: what refuses it, what speaks for it, and the score that comes of it."""
