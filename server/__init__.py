"""The ward server: takes in what devices report, decides, keeps, and tells everyone who needs it."""
