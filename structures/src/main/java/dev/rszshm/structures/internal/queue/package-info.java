/** What queues of every kind have in common. */
@NullMarked
package dev.rszshm.structures.internal.queue;

import org.jspecify.annotations.NullMarked;
