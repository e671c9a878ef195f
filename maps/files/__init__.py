"""Tables, layers and spreadsheets to download."""
