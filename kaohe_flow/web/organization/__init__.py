"""组织机构: the tree of units, who serves where, the roster import."""
