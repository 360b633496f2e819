"""Reading and writing files: tables, experiments, trajectories and exported scripts; no Qt."""
