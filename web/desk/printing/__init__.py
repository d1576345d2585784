"""Cards and posters of leaders: who is printed, and in which words."""
