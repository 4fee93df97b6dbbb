"""What other rooms may use of agreements, and nothing else."""
