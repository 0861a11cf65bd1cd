"""What the staff see of a customer: found, with all that they have, and everything that happened."""
