"""What is due in a ward, by the rules that its carts use as well."""
