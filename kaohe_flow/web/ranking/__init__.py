"""排名分析: places as table and bar chart, inside sequences."""
