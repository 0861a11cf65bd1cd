"""Search from anywhere: one text, and what it may mean among all that whoever asks may read."""
