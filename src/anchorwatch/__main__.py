"""Run the command line with `python -m anchorwatch`."""

from anchorwatch.cli import main

main()
