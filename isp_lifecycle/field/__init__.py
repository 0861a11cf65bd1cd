"""Field work: engineers, their calendars, and the visits that bring a line into a home."""
