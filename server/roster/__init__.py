"""Who is to work when, by ward, person and day: entered at a desk by those who lead the ward."""
