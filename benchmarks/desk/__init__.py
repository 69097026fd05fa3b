"""How well the report desk understands, against gold labels; and how fast."""
