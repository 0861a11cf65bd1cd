"""A past for the demo: three months of orders, visits, activations, plan changes, tickets and charges.

Without it the manager's page, the reports and the notebooks of a fresh demo would be empty. It is invented from a
seed and says so wherever it would otherwise claim that something was sent; it is refused outside the demo and in a
database in which anything has really happened.

From the bottom up: errors < mishaps < story (what happened when; pure) < rows (the engine's tables) < lines, desk
(the capabilities' own actions, at past instants) < past.
"""
