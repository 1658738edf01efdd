"""Start files from those of other programs: MDAnalysis, ASE and gsd read, this package writes H5MD. See scripts/import."""
