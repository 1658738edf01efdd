"""Pictures of particles, with matplotlib. scripts/plot and scripts/animate say which; the modules here draw them."""
