"""A small world without accounts or network, for `syndicator demo`: its story, its stage, and the tour through it."""
