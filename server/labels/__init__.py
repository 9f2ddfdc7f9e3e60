"""What is printed and then scanned: wristbands, labels of drugs and bags, cards of beds, badges."""
