"""Correction (封存后更正): a sealed result changes only by voucher, checked twice and ordered."""
