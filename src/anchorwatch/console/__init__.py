"""The web side of the watch: who may come in, what they may ask, and two plain pages."""
