"""How the parts stand, told in one way to the page, to the doctor and to whoever asks."""
