"""Pieces that pages are made of. What is only shown is one HTML pane of our style; what is used is Material UI."""
