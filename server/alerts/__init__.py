"""What asks for a person in the ward: raised, offered, offered anew until somebody has dealt with it."""
