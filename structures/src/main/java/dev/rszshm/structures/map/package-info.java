/**
 * Maps in a shared heap, for any number of processes.
 *
 * <p>{@link dev.rszshm.structures.map.SharedMap} is a {@link java.util.concurrent.ConcurrentMap}
 * with codecs; {@link dev.rszshm.structures.map.SharedLongMap} has long keys and makes no garbage.
 * Both are faces of one structure, whose protocol is described in {@code MapTable}.
 */
@NullMarked
package dev.rszshm.structures.map;

import org.jspecify.annotations.NullMarked;
