/**
 * An allocator of blocks in a heap, for all threads of all processes: without locks, and whole
 * whatever process dies.
 *
 * <p>Priorities, in this order: nothing is lost or damaged by a death; the common path costs what C
 * costs; nobody waits for anybody; memory goes back; small and readable.
 *
 * <p>{@link dev.rszshm.allocator.Allocator} is what callers use. Below it: {@code Lane} (a thread's
 * slabs), {@code RemoteFree}, {@code Blocks}, {@code ChunkPool} and {@code Trimming} (chunks),
 * {@code Hints} (where to look), {@code ManagedReferences} (exactly once), {@code Recovery}. The
 * {@code …Layout} classes say what is where.
 */
@NullMarked
package dev.rszshm.allocator;

import org.jspecify.annotations.NullMarked;
