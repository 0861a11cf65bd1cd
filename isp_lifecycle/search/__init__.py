"""Search from anywhere: the words by which customers are found, kept with every change of who they are and where."""
