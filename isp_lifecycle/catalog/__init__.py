"""What is sold: plans, and the terms that an order copies from them."""
