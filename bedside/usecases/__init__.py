"""What a patient asks and does at the bed, without a screen."""
