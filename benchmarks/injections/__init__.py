"""Injected threats in real traffic: how well the watch is kept. See make.py for what is injected and why."""
