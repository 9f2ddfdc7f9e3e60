"""ECG strips come in over HTTP, their beats are found, and they go to the carts of the ward."""
