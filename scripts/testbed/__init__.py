"""What tests, measurements and training try the product with: recordings, made-up sound, servers, models, diaries."""
