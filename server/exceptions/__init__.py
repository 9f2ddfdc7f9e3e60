"""Facts that collided, until a person closes them."""
