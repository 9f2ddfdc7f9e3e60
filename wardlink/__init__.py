"""What every machine in the ward agrees on: words, rules, topics, and the half of the sync that lives on a device."""
