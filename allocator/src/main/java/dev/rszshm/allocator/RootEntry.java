package dev.rszshm.allocator;

/**
 * A root: a block with a name.
 *
 * @param name its name
 * @param type a number for what the block contains, chosen by its maker
 * @param version a version of what it contains
 * @param size the least length of the block in bytes, as it was asked for
 * @param slot the offset of the slot that refers to the block
 */
public record RootEntry(String name, long type, int version, long size, long slot) {}
