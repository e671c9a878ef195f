"""The kinds of layer: one module and one record a kind."""
