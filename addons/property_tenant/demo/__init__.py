"""Demo data that is too much to be written record by record; loaded by
``property.estate._load_demo`` and by nothing else."""
