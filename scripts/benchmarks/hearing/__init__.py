"""What recognisers make of people and voices that no model was trained on: one set of measures for all of them."""
