package dev.rszshm.heap;

import dev.rszshm.heap.os.ProcessIdentity;
import java.time.Instant;

/**
 * One attachment of a process to a heap.
 *
 * <p>The pair (slot, generation) names the attachment for good: a slot that is used again has
 * another generation.
 *
 * @param slot index in the participant table
 * @param generation how often the slot has been used, modulo 2^24
 * @param pid process id, in the pid namespace of the participant; 0 when another has begun to free
 *     the slot of a dead one
 * @param name the name it gave itself
 * @param attached when it attached
 * @param otherAddress whether it is mapped elsewhere than at the heap's address
 * @param process what else identifies the process
 * @param alive whether it is alive, by proof: its lock is held. The living are never said to be
 *     dead; a dead one may seem alive for the moment in which another begins to free its slot
 */
public record Participant(
    int slot,
    int generation,
    long pid,
    String name,
    Instant attached,
    boolean otherAddress,
    ProcessIdentity process,
    boolean alive) {}
