"""A simulated V-SOL V1600G: one unit of 16 GPON ports, with the command line of V1.4.8R.

Layouts are those of captures of a V1600G0-B V1.4.8R, and of V2.1.6R and V2.3.1R where no other is established
(profiles, the whole configuration, unasked lines). Which answers are invented is said where they stand.
"""
