"""What the hospital's engineer asks the running server: is it well, and how much has it done."""
