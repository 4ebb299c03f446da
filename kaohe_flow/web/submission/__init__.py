"""工作提交: the officer's indicators and claims."""
