"""The pages of the cart. They show and ask; what follows from it is decided in `cart.usecases`."""
