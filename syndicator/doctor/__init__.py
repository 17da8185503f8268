"""What is wrong and what to do about it: a file for each area, `examine` puts them together."""
