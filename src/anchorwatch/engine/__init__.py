"""The one way to run: scan over any amount, then batch over files and processes."""
