"""One borough, several as a region, and published figures beside ours."""
