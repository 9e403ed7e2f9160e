package dev.rszshm.heap;

import java.util.UUID;

/**
 * The identity of a process among all processes that this machine ever runs. It is meant for
 * diagnostics: whether a participant is alive is decided by its lock alone.
 *
 * @param pid process id in its own pid namespace
 * @param startTime clock ticks since boot
 * @param bootId identity of the boot of the machine
 * @param pidNamespace inode of the pid namespace
 */
public record ProcessIdentity(long pid, long startTime, UUID bootId, long pidNamespace) {}
