"""The fictional sample: places, values and files in the publishers’ formats."""
