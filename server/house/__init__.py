"""What the hospital writes itself: its menu, guides, lessons, prices and rules, in versions, and which one holds."""
