"""Where links come from: `opml` reads blogrolls, `discover` finds feeds, `fetch` gets bytes, `parse` makes Items."""
