"""What is measured: packs, the roles of their parts, and how they are built and checked."""
