"""The running watch: feeds, raw log, engine, store and picture at work together in one process."""
