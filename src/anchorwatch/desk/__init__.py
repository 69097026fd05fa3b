"""The report desk: what the press and the notices say, with the words it rests on. Pure; works without any model."""
