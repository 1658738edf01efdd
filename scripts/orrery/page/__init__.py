"""A run as one page for a browser. scripts/report says which; the modules here choose, pack and write what is on it."""
