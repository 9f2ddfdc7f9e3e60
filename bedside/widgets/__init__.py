"""What the pages are made of: large enough for a finger, plain enough for tired eyes."""
