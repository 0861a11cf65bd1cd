"""A simulated access plant that speaks on real sockets: the demo, the training room and the test bed.

The lab knows devices only. It imports nothing of the rest of the project and nothing of the project's drivers imports
it: they meet on the wire, as a driver and a real OLT would. From the bottom up:

* `town` invents, from a seed, a town: streets and premises, fibre and splitters, plans, customers, staff; and writes it
  as the files that the import command reads.
* `optics` and `plant` are the passive network: what level arrives where, which fibre is cut, which ONT has power.
* `device` and `links` are one OLT of any maker: its memory on disk, its alarms, the run state of its ONTs. `terminal`,
  `screen` and `grammar` are a command line of any maker: what a command costs and how it misbehaves, characters and
  pages, patterns of words.
* `ma5800` is one Huawei MA5800 and `zxa10` one ZTE ZXA10, a C320 or (`titan`) a C600: configuration and command line.
  The command line is a table: each command is a pattern in the notation of a manual, a set of views, a handler and the
  kind of work it is; a `session` adds greeting, questions and whatever is the maker's own. `maker` is a row of the
  table of makers.
* `ssh` puts each OLT on a port of its own, `faults` makes it misbehave on order, `activity` records when it worked.
* `running` joins all that to one lab, `control` steers it over HTTP, `client` is the typed other end, `process` runs a
  lab beside you.

Whatever is configured is on disk before the prompt that follows it; run state (ranging, autofind) is derived again at
start. Commands, texts and layouts follow what was seen on devices (device-facts 1 and 7), traps included: the second
prompt after login, the hints that swallow the next command, the pager, alarms in the middle of an answer.
"""
