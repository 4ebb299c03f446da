"""Submissions (工作提交): a claim from draft through review to its points."""
