"""Traffic and scenarios with known truth."""
