"""回避关系: who must not decide on whom."""
