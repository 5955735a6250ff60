"""JumpCloud's version 2: user groups, the graph, bulk requests, imports."""
