"""我的得分: from a total to its lines, to the case behind each."""
