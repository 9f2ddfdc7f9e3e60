"""What one shift tells the next: hand-overs, the nurses' reminders, and whose beds are whose."""
