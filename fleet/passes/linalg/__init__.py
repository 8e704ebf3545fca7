"""The structured level: its building blocks, what tosa becomes, fusion, moved slices."""
