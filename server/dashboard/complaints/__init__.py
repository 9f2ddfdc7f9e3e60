"""The pages about what patients complain of, suggest and give thanks for."""
