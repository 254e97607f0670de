"""What is known of a model: how it compares with others, and the card that goes with it."""
