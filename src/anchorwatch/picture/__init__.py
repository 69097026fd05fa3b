"""Rows to one recognised picture: tidy, tracks, identity, enrich. Pure."""
