"""Article × account → Draft: the exact text, measured by the network's own rule. Pure.

The title gives way when a text is too long; a URL never does. Titles and names come from strangers, so they are made
neutral first: no control characters, and no `@name` that a network would take for a mention.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from platforms import text
from platforms.base import Card, Draft, Limits
from syndicator.articles import Article
