package dev.rszshm.heap.watch;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A takeover of what a dead participant owned.
 *
 * @param heap the path of the heap
 * @param offset the offset of the lock, the permit or the count that it owned
 * @param tag the {@link dev.rszshm.heap.Participant#tag} of the dead participant
 * @param pid its process, or empty if it is not in the table of participants any more
 */
public record OwnerDeath(Path heap, long offset, int tag, OptionalLong pid) {}
