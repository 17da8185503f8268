"""Timers that start `syndicator run`: one file for each kind of timer a machine may have, behind `base.Backend`."""
