"""Penalties (惩罚扣分): a finding, told to the assessed, answered or not, decided by somebody else."""
