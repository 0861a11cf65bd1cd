"""What is already there comes in from files: plans, plant, premises, pools, staff, customers with their lines.

A file becomes records (``sheet`` reads CSV, ``document`` YAML; pure), each record a typed row (``cells``; pure), each
row is put through the same capabilities as everything else, in a savepoint of its own, so that a bad row names
itself and leaves the good ones alone. ``files`` holds the two ways in: a preview is an import that is rolled back.

From the bottom up: errors < model < sheet | document | cells < the kinds of file < kinds < files.
"""
