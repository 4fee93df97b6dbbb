"""What other rooms may use of awarding, and nothing else."""
