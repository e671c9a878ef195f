"""The hosts that are played, each a function from what is asked to what is answered."""
