"""The kitchen's pages: what is to be cooked, for whom, and what has changed since the labels were printed."""
