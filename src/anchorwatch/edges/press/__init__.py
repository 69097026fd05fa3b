"""The open press and notices: files and feeds, fetched with limits, polled with patience. What comes is evidence."""
