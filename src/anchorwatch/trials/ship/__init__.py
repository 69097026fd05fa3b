"""The ship model: hulls, anchors on the bottom, how ships are handled, sail and report."""
