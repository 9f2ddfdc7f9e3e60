"""One-stop settlement of a stay: from the closed bill over the insurance to the receipt, step by step, each once."""
