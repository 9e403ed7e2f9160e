package dev.rszshm.allocator;

/**
 * A root as it is in the table.
 *
 * @param name of the root
 * @param type what kind of thing it is, a number that its maker chose
 * @param version of that kind
 * @param size bytes of the block that was asked for
 * @param slot offset of the slot with the reference of the block
 */
public record RootEntry(String name, long type, int version, long size, long slot) {}
