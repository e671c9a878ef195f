"""The planner’s page of one borough."""
