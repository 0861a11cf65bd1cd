"""Values of settings that an administrator gave while everything runs, kept with their history."""
