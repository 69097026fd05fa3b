"""Assets, zones, coast and depth, and the compiled kernels that measure distance to them."""
