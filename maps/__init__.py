"""What people see: pages, printed maps, profiles and files to take away."""
