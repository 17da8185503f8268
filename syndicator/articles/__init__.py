"""Articles: one piece of writing each, however many Items of however many feeds point to it.

`gather` turns the Items of a feed into articles of a `Catalogue`; `load` and `save` keep it on a store. Whether an
article is worth sharing is for judging.
"""

from syndicator.articles.article import Article
from syndicator.articles.catalogue import Catalogue
from syndicator.articles.gather import gather
from syndicator.articles.state import COLLECTION, load, save

__all__ = ["COLLECTION", "Article", "Catalogue", "gather", "load", "save"]
