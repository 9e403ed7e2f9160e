/** What goes wrong with queues, deques and logs. */
@NullMarked
package dev.rszshm.structures.queue.errors;

import org.jspecify.annotations.NullMarked;
