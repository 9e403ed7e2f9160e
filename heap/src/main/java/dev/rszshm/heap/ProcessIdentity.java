package dev.rszshm.heap;

import java.util.UUID;

/**
 * What tells a process from every other, past and future, on this machine. It is for people and
 * diagnostics: whether a participant is alive is decided by its lock alone.
 *
 * @param pid process id in its own pid namespace
 * @param startTime clock ticks since boot
 * @param bootId identity of the boot of the machine
 * @param pidNamespace inode of the pid namespace
 */
public record ProcessIdentity(long pid, long startTime, UUID bootId, long pidNamespace) {}
